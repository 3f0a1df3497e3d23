/** Where a go-to step leads: chosen from the list of steps, or by clicking one on the canvas. */
import { Button, Select, Stack, Text } from '@mantine/core';
import { IconPointer } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Step } from '../api';

type Props = {
  target: string | undefined;
  steps: Step[];
  /** What a step is called in a list. */
  nameOf: (step: Step) => string;
  isPicking: boolean;
  onPick: (isPicking: boolean) => void;
  onChange: (target: string) => void;
};

export function GoToTarget({ target, steps, nameOf, isPicking, onPick, onChange }: Props) {
  const { t } = useTranslation('automations');
  const isGone = target !== undefined && target !== '' && !steps.some((step) => step.id === target);
  return (
    <Stack gap="xs" mb="sm">
      <Select
        searchable
        withAsterisk
        label={t('goto.target')}
        placeholder={t('goto.choose')}
        error={isGone && t('goto.gone')}
        data={steps.map((step, index) => ({ value: step.id, label: `${index + 1}. ${nameOf(step)}` }))}
        value={isGone ? null : (target ?? null)}
        allowDeselect={false}
        comboboxProps={{ shadow: 'md' }}
        onChange={(id) => id && onChange(id)}
      />
      <Button
        variant={isPicking ? 'filled' : 'light'}
        leftSection={<IconPointer size={15} />}
        aria-pressed={isPicking}
        onClick={() => onPick(!isPicking)}
      >
        {t('goto.pick')}
      </Button>
      {isPicking && (
        <Text size="xs" c="dimmed" role="status">
          {t('goto.picking')}
        </Text>
      )}
    </Stack>
  );
}
