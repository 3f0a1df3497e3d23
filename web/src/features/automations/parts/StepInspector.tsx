/** The settings of the chosen step, its counts, and who stands on it. */
import { ActionIcon, Box, Button, Divider, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconCopy, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatNumber } from '@/lib/format';
import type { Registry } from '@/pickers/api';
import { SchemaForm } from '@/pickers/SchemaForm';
import { LinkAnchor } from '@/ui/links';
import { type Counts, type Step, standingQuery } from '../api';
import { Parked } from './Parked';

type Props = {
  automationId: number;
  step: Step;
  registry: Registry;
  counts: Counts | undefined;
  problem: string | undefined;
  mayEdit: boolean;
  onChange: (params: Record<string, unknown>) => void;
  onShift: (by: -1 | 1) => void;
  onDuplicate: () => void;
  onDelete: () => void;
};

export function StepInspector(props: Props) {
  const { step, registry, counts, problem, mayEdit } = props;
  const { t } = useTranslation('automations');
  const kind = registry.steps.find((item) => item.type === step.type);
  const here = counts?.steps[step.id]?.here ?? 0;
  const parked = counts?.steps[step.id]?.parked ?? 0;
  const hasSettings = Object.keys(kind?.params.properties ?? {}).length > 0;
  return (
    <Stack gap="md">
      <SimpleGrid cols={2} spacing="xs">
        <Figure label={t('inspector.hereNow')} value={here} />
        <Figure label={t('inspector.passed')} value={counts?.steps[step.id]?.passed ?? 0} />
      </SimpleGrid>
      {parked > 0 && <Parked automationId={props.automationId} stepId={step.id} count={parked} mayEdit={mayEdit} />}
      {problem && (
        <Text size="sm" c="orange.9" role="alert">
          {problem}
        </Text>
      )}
      {kind && hasSettings ? (
        <fieldset disabled={!mayEdit} style={{ border: 0, padding: 0, margin: 0 }}>
          <SchemaForm schema={kind.params} value={step.params} onChange={props.onChange} />
        </fieldset>
      ) : (
        <Text size="sm" c="dimmed">
          {t('inspector.nothing')}
        </Text>
      )}
      {here > 0 && <Standing automationId={props.automationId} stepId={step.id} />}
      {mayEdit && (
        <Box>
          <Divider mb="sm" />
          <Group justify="space-between">
            <Group gap={4}>
              <Small label={t('inspector.up')} onClick={() => props.onShift(-1)} icon={<IconArrowUp size={16} />} />
              <Small label={t('inspector.down')} onClick={() => props.onShift(1)} icon={<IconArrowDown size={16} />} />
              <Small label={t('inspector.duplicate')} onClick={props.onDuplicate} icon={<IconCopy size={16} />} />
            </Group>
            <Button variant="default" size="xs" leftSection={<IconTrash size={15} />} onClick={props.onDelete}>
              {t('inspector.delete')}
            </Button>
          </Group>
        </Box>
      )}
    </Stack>
  );
}

function Figure({ label, value }: { label: string; value: number }) {
  return (
    <Paper withBorder p="xs" radius="md" bg="var(--app-surface-2)">
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text fw={650} size="lg" className="num">
        {formatNumber(value)}
      </Text>
    </Paper>
  );
}

function Small({ label, onClick, icon }: { label: string; onClick: () => void; icon: React.ReactNode }) {
  return (
    <ActionIcon variant="default" aria-label={label} title={label} onClick={onClick}>
      {icon}
    </ActionIcon>
  );
}

function Standing({ automationId, stepId }: { automationId: number; stepId: string }) {
  const { t } = useTranslation('automations');
  const { data } = useQuery(standingQuery(automationId, stepId));
  if (!data) return null;
  return (
    <Box>
      <Text size="xs" fw={600} c="dimmed" mb={4}>
        {t('inspector.who')}
      </Text>
      <Stack gap={6}>
        {data.items.map((item) => (
          <Group key={item.id} justify="space-between" wrap="nowrap" gap="xs">
            <LinkAnchor to="/contacts/$id" params={{ id: String(item.contact_id) }} size="sm" truncate>
              {`${item.first_name} ${item.last_name}`.trim() || item.email}
            </LinkAnchor>
            <Text size="xs" c="dimmed" className="num">
              {formatAgo(item.entered_at)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Box>
  );
}
