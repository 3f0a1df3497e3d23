/** What differs between two versions, a line for each difference. */
import { Badge, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Step } from '../api';
import type { Change } from '../version-api';

const colors = { added: 'teal', removed: 'red', changed: 'blue', moved: 'gray' } as const;

type Props = {
  changes: Change[];
  titleOf: (step: Step) => string;
  detailOf: (step: Step) => string;
  triggerLabel: (type: string) => string;
};

/** The step with the settings it had on one side. */
export const sideOf = (change: Change, side: 'before' | 'after'): Step => ({
  id: change.id,
  type: change.type,
  params: Object.fromEntries(change.values.map((value) => [value.name, value[side]])),
});

export function ChangeList({ changes, titleOf, detailOf, triggerLabel }: Props) {
  const { t } = useTranslation('automations');
  if (changes.length === 0) return <Text c="dimmed">{t('versions.same')}</Text>;
  const titled = (change: Change) => {
    if (change.part === 'settings') return t('versions.settings');
    return change.part === 'trigger' ? triggerLabel(change.type) : titleOf(sideOf(change, 'after'));
  };
  const told = (change: Change) => {
    if (change.kind === 'moved' || (change.part === 'trigger' && change.kind !== 'changed')) return '';
    if (change.part !== 'step') return change.values.map((value) => spaced(value.name)).join(', ');
    if (change.kind === 'added') return detailOf(sideOf(change, 'after'));
    if (change.kind === 'removed') return detailOf(sideOf(change, 'before'));
    return change.values
      .map((value) => `${spaced(value.name)}: ${shown(value.before)} → ${shown(value.after)}`)
      .join(', ');
  };
  return (
    <Stack component="ul" gap={6} m={0} p={0} aria-label={t('versions.changes')}>
      {changes.map((change) => (
        <Group
          component="li"
          key={`${change.kind}-${change.part}-${change.id}`}
          gap="xs"
          wrap="nowrap"
          align="baseline"
          style={{ listStyle: 'none' }}
        >
          <Badge size="sm" color={colors[change.kind]} style={{ flexShrink: 0 }}>
            {t(`versions.kinds.${change.kind}`)}
          </Badge>
          <Text size="sm">
            {titled(change)}{' '}
            <Text span size="sm" c="dimmed">
              {told(change)}
            </Text>
          </Text>
        </Group>
      ))}
    </Stack>
  );
}

const spaced = (name: string) => name.replaceAll('_', ' ');

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  return typeof value === 'object' ? '…' : String(value);
}
