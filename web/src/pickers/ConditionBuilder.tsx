/** Nested groups of conditions, each "all", "any" or "none" of what it holds; words and forms come from the registry. */
import { ActionIcon, Button, Group, Paper, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Registry, registryQuery } from './api';
import { SchemaForm } from './SchemaForm';

export type Leaf = { type: string; params: Record<string, unknown> };
export type ConditionGroup = { match: 'all' | 'any' | 'none'; conditions: ConditionNode[] };
export type ConditionNode = Leaf | ConditionGroup;

const isGroup = (node: ConditionNode): node is ConditionGroup => 'match' in node;
const asGroup = (node: ConditionNode | undefined): ConditionGroup =>
  !node ? { match: 'all', conditions: [] } : isGroup(node) ? node : { match: 'all', conditions: [node] };

type Props = { value: ConditionNode | undefined; onChange: (value: ConditionNode) => void };

export function ConditionBuilder({ value, onChange }: Props) {
  const { t } = useTranslation('pickers');
  const { data: registry } = useQuery(registryQuery);
  if (!registry) return <Text size="sm">{t('loading')}</Text>;
  return <GroupEditor registry={registry} value={asGroup(value)} onChange={onChange} depth={1} />;
}

type GroupProps = {
  registry: Registry;
  value: ConditionGroup;
  onChange: (value: ConditionGroup) => void;
  onRemove?: () => void;
  depth: number;
};

function GroupEditor({ registry, value, onChange, onRemove, depth }: GroupProps) {
  const { t } = useTranslation('pickers');
  const replace = (index: number, node: ConditionNode | null) =>
    onChange({
      ...value,
      conditions: value.conditions.flatMap((item, at) => (at === index ? (node ? [node] : []) : [item])),
    });
  const add = (node: ConditionNode) => onChange({ ...value, conditions: [...value.conditions, node] });
  const first = registry.conditions[0];
  return (
    <Paper withBorder p="sm" radius="md" bg="var(--app-surface-2)" role="group" aria-label={t('condition.group')}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <SegmentedControl
            size="xs"
            aria-label={t('condition.match')}
            value={value.match}
            onChange={(match) => onChange({ ...value, match: match as ConditionGroup['match'] })}
            data={(['all', 'any', 'none'] as const).map((match) => ({ value: match, label: t(`condition.${match}`) }))}
          />
          {onRemove && <Remove label={t('condition.removeGroup')} onClick={onRemove} />}
        </Group>
        {value.conditions.length === 0 && (
          <Text size="xs" c="dimmed">
            {t('condition.everyone')}
          </Text>
        )}
        {value.conditions.map((node, index) =>
          isGroup(node) ? (
            <GroupEditor
              // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place
              key={index}
              registry={registry}
              value={node}
              onChange={(next) => replace(index, next)}
              onRemove={() => replace(index, null)}
              depth={depth + 1}
            />
          ) : (
            <LeafEditor
              // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place
              key={index}
              registry={registry}
              value={node}
              onChange={(next) => replace(index, next)}
              onRemove={() => replace(index, null)}
            />
          ),
        )}
        <Group gap="xs">
          <Button
            size="xs"
            variant="light"
            leftSection={<IconPlus size={14} />}
            onClick={() => first && add({ type: first.type, params: {} })}
          >
            {t('condition.add')}
          </Button>
          {depth < 4 && (
            <Button size="xs" variant="subtle" onClick={() => add({ match: 'any', conditions: [] })}>
              {t('condition.addGroup')}
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

type LeafProps = { registry: Registry; value: Leaf; onChange: (value: Leaf) => void; onRemove: () => void };

function LeafEditor({ registry, value, onChange, onRemove }: LeafProps) {
  const { t } = useTranslation('pickers');
  const known = registry.conditions.find((condition) => condition.type === value.type);
  const groups = [...new Set(registry.conditions.map((condition) => condition.group))];
  const data = groups.map((group) => ({
    group: group.charAt(0).toUpperCase() + group.slice(1),
    items: registry.conditions.filter((c) => c.group === group).map((c) => ({ value: c.type, label: c.label })),
  }));
  return (
    <Paper withBorder p="xs" radius="sm">
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap">
          <Select
            flex={1}
            aria-label={t('condition.kind')}
            data={data}
            value={value.type}
            allowDeselect={false}
            comboboxProps={{ shadow: 'md' }}
            onChange={(type) => type && type !== value.type && onChange({ type, params: {} })}
          />
          <Remove label={t('condition.remove')} onClick={onRemove} />
        </Group>
        {known && (
          <SchemaForm
            schema={known.params}
            value={value.params}
            onChange={(params) => onChange({ ...value, params })}
          />
        )}
      </Stack>
    </Paper>
  );
}

function Remove({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
      <IconX size={16} />
    </ActionIcon>
  );
}
