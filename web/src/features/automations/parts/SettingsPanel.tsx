/** Rules for the whole automation: who comes in, who leaves, when messages may be sent, and its goals. */
import { Button, Divider, NumberInput, Select, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AutomationDocument, Settings, Step } from '../api';
import { allSteps } from '../flow/graph';
import { OptionalCondition } from './OptionalCondition';
import { SendHours } from './SendHours';

type Props = {
  document: AutomationDocument;
  isDisabled: boolean;
  onChange: (settings: Settings, mark?: string) => void;
  onShow: (stepId: string) => void;
  onAddGoal: () => void;
};

const comboboxProps = { shadow: 'md' } as const;

export function SettingsPanel({ document, isDisabled, onChange, onShow, onAddGoal }: Props) {
  const { t } = useTranslation('automations');
  const settings = document.settings ?? {};
  const set = (change: Settings, mark?: string) => onChange({ ...settings, ...change }, mark);
  const condition = (name: 'entry_condition' | 'suppression_condition' | 'exit_condition') => (
    <OptionalCondition
      label={t(`settings.${name}`)}
      value={settings[name]}
      isDisabled={isDisabled}
      onChange={(value) => set({ [name]: value }, name)}
    />
  );
  const limit = (name: 'most_inside' | 'most_entries_a_day') => (
    <NumberInput
      label={t(`settings.${name}`)}
      placeholder={t('settings.noLimit')}
      min={1}
      allowDecimal={false}
      value={settings[name] ?? ''}
      onChange={(value) => set({ [name]: typeof value === 'number' ? value : null }, name)}
    />
  );
  return (
    <fieldset disabled={isDisabled} style={{ border: 0, padding: 0, margin: 0 }}>
      <Stack gap="sm">
        <Text size="xs" c="dimmed">
          {t('settings.hint')}
        </Text>
        <Divider label={t('settings.enter')} labelPosition="left" />
        <Select
          label={t('settings.entries')}
          data={(['as_triggers_say', 'once'] as const).map((value) => ({ value, label: t(`settings.${value}`) }))}
          value={settings.entries ?? 'as_triggers_say'}
          allowDeselect={false}
          comboboxProps={comboboxProps}
          onChange={(value) => set({ entries: value as Settings['entries'] })}
        />
        <Select
          label={t('settings.while_inside')}
          data={(['ignore', 'restart'] as const).map((value) => ({ value, label: t(`settings.${value}`) }))}
          value={settings.while_inside ?? 'ignore'}
          allowDeselect={false}
          comboboxProps={comboboxProps}
          onChange={(value) => set({ while_inside: value as Settings['while_inside'] })}
        />
        {condition('entry_condition')}
        {condition('suppression_condition')}
        <NumberInput
          label={t('settings.daily_entries')}
          min={1}
          max={100}
          allowDecimal={false}
          value={settings.daily_entries ?? 10}
          onChange={(value) => set({ daily_entries: typeof value === 'number' ? value : 10 }, 'daily_entries')}
        />
        {limit('most_inside')}
        {limit('most_entries_a_day')}
        <NumberInput
          label={t('settings.holdout_percent')}
          min={0}
          max={99}
          allowDecimal={false}
          value={settings.holdout_percent ?? 0}
          onChange={(value) => set({ holdout_percent: typeof value === 'number' ? value : 0 }, 'holdout')}
        />
        <Divider label={t('settings.leave')} labelPosition="left" />
        {condition('exit_condition')}
        <Text size="xs" c="dimmed">
          {t('settings.exitHint')}
        </Text>
        <Divider label={t('settings.send')} labelPosition="left" />
        <SendHours value={settings.send_window ?? null} onChange={(send_window) => set({ send_window }, 'window')} />
        <Divider label={t('settings.goals')} labelPosition="left" />
        <Goals steps={document.steps} onShow={onShow} />
        {!isDisabled && (
          <Button variant="light" onClick={onAddGoal}>
            {t('settings.addGoal')}
          </Button>
        )}
      </Stack>
    </fieldset>
  );
}

function Goals({ steps, onShow }: { steps: Step[]; onShow: (stepId: string) => void }) {
  const { t } = useTranslation('automations');
  const goals = allSteps(steps).filter((step) => step.type === 'goal');
  return (
    <Stack gap={6}>
      <Text size="xs" c="dimmed">
        {t('settings.goalsHint')}
      </Text>
      {goals.length === 0 && <Text size="sm">{t('settings.noGoals')}</Text>}
      {goals.map((goal) => (
        <Button key={goal.id} variant="default" justify="flex-start" onClick={() => onShow(goal.id)}>
          {String(goal.params.name ?? goal.id)}
        </Button>
      ))}
    </Stack>
  );
}
