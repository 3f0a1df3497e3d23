/** Hours at which messages may leave, on which days, and by whose clocks. */
import { Group, MultiSelect, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SendWindow } from '../api';

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const usual: SendWindow = { from_time: '09:00', to_time: '17:00', weekdays: days.slice(0, 5) };
const comboboxProps = { shadow: 'md' } as const;

type Props = { value: SendWindow | null; onChange: (value: SendWindow | null) => void };

export function SendHours({ value, onChange }: Props) {
  const { t } = useTranslation('automations');
  return (
    <Stack gap="xs">
      <Switch
        label={t('settings.send_window')}
        checked={value !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? usual : null)}
      />
      {value && <Hours value={value} onChange={onChange} />}
    </Stack>
  );
}

function Hours({ value, onChange }: { value: SendWindow; onChange: (value: SendWindow) => void }) {
  const { t } = useTranslation('automations');
  const time = (name: 'from_time' | 'to_time') => (
    <TextInput
      type="time"
      flex={1}
      label={t(`settings.${name}`)}
      value={value[name]}
      onChange={(event) => onChange({ ...value, [name]: event.currentTarget.value })}
    />
  );
  return (
    <>
      <Group gap="xs" grow>
        {time('from_time')}
        {time('to_time')}
      </Group>
      <MultiSelect
        label={t('settings.weekdays')}
        placeholder={value.weekdays.length === 0 ? t('settings.anyDay') : undefined}
        data={days.map((day) => ({ value: day, label: t(`settings.days.${day}`) }))}
        value={value.weekdays}
        comboboxProps={comboboxProps}
        onChange={(weekdays) => onChange({ ...value, weekdays: days.filter((day) => weekdays.includes(day)) })}
      />
      <Select
        searchable
        clearable
        label={t('settings.time_zone')}
        placeholder={t('settings.workspaceZone')}
        data={Intl.supportedValuesOf('timeZone')}
        limit={50}
        value={value.time_zone || null}
        comboboxProps={comboboxProps}
        clearButtonProps={{ 'aria-label': t('settings.workspaceZone') }}
        onChange={(zone) => onChange({ ...value, time_zone: zone ?? '' })}
      />
      <Text size="xs" c="dimmed">
        {t('settings.sendHint')}
      </Text>
    </>
  );
}
