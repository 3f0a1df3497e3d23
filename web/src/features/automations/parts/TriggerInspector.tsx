/** What starts the automation: one or more triggers, each narrowed to an object or open to any. */
import { ActionIcon, Button, Group, Paper, Select, Stack, Text } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Registry } from '@/pickers/api';
import { ObjectPicker, type PickerKind } from '@/pickers/ObjectPicker';
import { SchemaForm } from '@/pickers/SchemaForm';
import type { Trigger } from '../api';
import { OptionalCondition } from './OptionalCondition';

type Props = {
  triggers: Trigger[];
  registry: Registry;
  isDisabled: boolean;
  onChange: (triggers: Trigger[]) => void;
};

export function TriggerInspector({ triggers, registry, isDisabled, onChange }: Props) {
  const { t } = useTranslation('automations');
  const add = () => {
    const taken = new Set(triggers.map((trigger) => trigger.id));
    let number = 1;
    while (taken.has(`t${number}`)) number += 1;
    onChange([...triggers, { id: `t${number}`, type: 'tag_added', params: {}, runs: 'once' }]);
  };
  const replace = (id: string, next: Trigger) => onChange(triggers.map((item) => (item.id === id ? next : item)));
  return (
    <Stack gap="sm">
      <Text size="xs" c="dimmed">
        {t('trigger.hint')}
      </Text>
      {triggers.map((trigger) => (
        <TriggerForm
          key={trigger.id}
          trigger={trigger}
          registry={registry}
          isDisabled={isDisabled}
          onChange={(next) => replace(trigger.id, next)}
          onRemove={() => onChange(triggers.filter((item) => item.id !== trigger.id))}
        />
      ))}
      {!isDisabled && (
        <Button variant="light" leftSection={<IconPlus size={14} />} onClick={add}>
          {t('trigger.add')}
        </Button>
      )}
    </Stack>
  );
}

type FormProps = {
  trigger: Trigger;
  registry: Registry;
  isDisabled: boolean;
  onChange: (trigger: Trigger) => void;
  onRemove: () => void;
};

function TriggerForm({ trigger, registry, isDisabled, onChange, onRemove }: FormProps) {
  const { t } = useTranslation('automations');
  const known = registry.triggers.find((item) => item.type === trigger.type);
  const object = known?.object ?? null;
  const settings = known?.params && {
    ...known.params,
    properties: Object.fromEntries(Object.entries(known.params.properties ?? {}).filter(([name]) => name !== object)),
  };
  return (
    <Paper withBorder p="sm" radius="md">
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap" align="flex-end">
          <Select
            flex={1}
            label={t('trigger.kind')}
            data={registry.triggers.map((item) => ({ value: item.type, label: item.label }))}
            value={trigger.type}
            allowDeselect={false}
            disabled={isDisabled}
            comboboxProps={{ shadow: 'md' }}
            onChange={(type) => type && onChange({ ...trigger, type, params: {} })}
          />
          {!isDisabled && (
            <ActionIcon variant="subtle" color="gray" mb={4} aria-label={t('trigger.remove')} onClick={onRemove}>
              <IconX size={16} />
            </ActionIcon>
          )}
        </Group>
        {object && known?.picker && (
          <ObjectPicker
            kind={known.picker as PickerKind}
            aria-label={known.picker}
            clearable
            placeholder={t('trigger.any')}
            disabled={isDisabled}
            value={typeof trigger.params[object] === 'number' ? (trigger.params[object] as number) : null}
            onChange={(id) => onChange({ ...trigger, params: { ...trigger.params, [object]: id ?? undefined } })}
          />
        )}
        {settings && (
          <fieldset disabled={isDisabled} style={{ border: 0, padding: 0, margin: 0 }}>
            <SchemaForm
              schema={settings}
              value={trigger.params}
              onChange={(params) => onChange({ ...trigger, params })}
            />
          </fieldset>
        )}
        <OptionalCondition
          label={t('trigger.filter')}
          description={t('trigger.filterHint')}
          value={trigger.condition}
          isDisabled={isDisabled}
          onChange={(condition) => onChange({ ...trigger, condition: condition ?? undefined })}
        />
        <Select
          label={t('trigger.runs')}
          data={(['once', 'multiple'] as const).map((value) => ({ value, label: t(`trigger.${value}`) }))}
          value={trigger.runs}
          allowDeselect={false}
          disabled={isDisabled}
          comboboxProps={{ shadow: 'md' }}
          onChange={(runs) => runs && onChange({ ...trigger, runs: runs as Trigger['runs'] })}
        />
      </Stack>
    </Paper>
  );
}
