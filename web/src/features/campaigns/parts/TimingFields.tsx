/** When a campaign that goes on reaches people: after they subscribe, or around a date in a field. */
import { Card, Group, NumberInput, Select, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldsQuery } from '@/pickers/api';
import type { Timing } from '../api';
import { delayOf, hoursOf, type Span, spans } from '../model';
import { FeedFields } from './FeedFields';
import type { StepProps } from './Wizard';

export function TimingFields({ campaign, save }: StepProps) {
  const { t } = useTranslation('campaigns');
  // Kept here, so that what is typed while the last change is being saved is not lost.
  const [timing, setTiming] = useState(campaign.timing);
  const set = (part: Partial<Timing>) => {
    const changed = { ...timing, ...part };
    setTiming(changed);
    save({ timing: changed });
  };
  return (
    <Card padding="lg">
      <Title order={2} size="h5" mb="sm">
        {t('timing.title')}
      </Title>
      {campaign.kind === 'rss' ? (
        <FeedFields timing={timing} set={set} />
      ) : campaign.kind === 'autoresponder' ? (
        <Delay timing={timing} set={set} />
      ) : (
        <Around timing={timing} set={set}>
          <Switch
            label={t('schedule.local')}
            description={t('schedule.localText')}
            checked={campaign.is_local_time}
            onChange={(event) => save({ is_local_time: event.currentTarget.checked })}
          />
        </Around>
      )}
    </Card>
  );
}

export type TimingProps = { timing: Timing; set: (part: Partial<Timing>) => void };

function Delay({ timing, set }: TimingProps) {
  const { t } = useTranslation('campaigns');
  const [{ count, span }, setDelay] = useState(() => delayOf(timing.delay_hours));
  const change = (count: number, span: Span) => {
    setDelay({ count, span });
    set({ delay_hours: hoursOf({ count, span }) });
  };
  return (
    <Stack>
      <Group align="flex-end">
        <NumberInput
          label={t('timing.delay')}
          min={0}
          max={span === 'days' ? 730 : 17_520}
          allowDecimal={false}
          value={count}
          onChange={(value) => typeof value === 'number' && change(value, span)}
          w={140}
        />
        <Select
          aria-label={t('timing.span')}
          allowDeselect={false}
          value={span}
          data={spans.map((value) => ({ value, label: t(`timing.spans.${value}`) }))}
          onChange={(value) => value && change(count, value as Span)}
          w={140}
        />
        <Text pb={7}>{t('timing.afterSubscribing')}</Text>
      </Group>
      <Switch
        label={t('timing.existing')}
        description={t('timing.existingText')}
        checked={timing.include_existing}
        onChange={(event) => set({ include_existing: event.currentTarget.checked })}
      />
    </Stack>
  );
}

function Around({ timing, set, children }: TimingProps & { children: React.ReactNode }) {
  const { t } = useTranslation('campaigns');
  const { data, isPending } = useQuery(fieldsQuery);
  const dates = (data?.items ?? []).filter(({ type }) => type === 'date' || type === 'datetime');
  const side = timing.days === 0 ? 'on' : timing.direction;
  return (
    <Stack>
      <Select
        label={t('timing.field')}
        description={t(dates.length === 0 && !isPending ? 'timing.noField' : 'timing.fieldText')}
        searchable
        value={timing.field_id === null ? null : String(timing.field_id)}
        data={dates.map(({ id, name }) => ({ value: String(id), label: name }))}
        onChange={(id) => set({ field_id: id === null ? null : Number(id) })}
        maw={420}
      />
      <Group align="flex-end">
        {side !== 'on' && (
          <NumberInput
            label={t('timing.days')}
            min={1}
            max={366}
            allowDecimal={false}
            value={timing.days}
            onChange={(days) => typeof days === 'number' && days > 0 && set({ days })}
            w={110}
          />
        )}
        <Select
          label={t('timing.side')}
          allowDeselect={false}
          value={side}
          data={(['on', 'before', 'after'] as const).map((value) => ({ value, label: t(`timing.sides.${value}`) }))}
          onChange={(value) =>
            set(
              value === 'on'
                ? { days: 0 }
                : { days: timing.days || 1, direction: value === 'after' ? 'after' : 'before' },
            )
          }
          w={190}
        />
        <TextInput
          type="time"
          label={t('timing.time')}
          value={timing.at_time}
          onChange={(event) => event.currentTarget.value && set({ at_time: event.currentTarget.value })}
          w={130}
        />
      </Group>
      <Switch
        label={t('timing.yearly')}
        description={t('timing.yearlyText')}
        checked={timing.is_yearly}
        onChange={(event) => set({ is_yearly: event.currentTarget.checked })}
      />
      {children}
    </Stack>
  );
}
