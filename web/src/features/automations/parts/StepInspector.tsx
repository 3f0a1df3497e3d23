/** The settings of the chosen step, its counts, and who stands on it. */
import { ActionIcon, Box, Button, Divider, Group, Paper, SimpleGrid, Stack, Text, Textarea } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconCopy, IconCopyPlus, IconScissors, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/lib/format';
import type { ParamsSchema, Registry } from '@/pickers/api';
import { SchemaForm } from '@/pickers/SchemaForm';
import type { Counts, Step } from '../api';
import type { Flow } from '../use-flow';
import { GoToTarget } from './GoToTarget';
import { Parked } from './Parked';
import { Standing } from './Standing';

type Props = {
  automationId: number;
  step: Step;
  /** The other steps, to go to. */
  others: Step[];
  nameOf: (step: Step) => string;
  flow: Flow;
  registry: Registry;
  counts: Counts | undefined;
  problem: string | undefined;
  mayEdit: boolean;
};

export function StepInspector(props: Props) {
  const { step, registry, counts, problem, mayEdit, flow } = props;
  const { t } = useTranslation('automations');
  const kind = registry.steps.find((item) => item.type === step.type);
  const here = counts?.steps[step.id]?.here ?? 0;
  const parked = counts?.steps[step.id]?.parked ?? 0;
  const isGoTo = step.type === 'go_to';
  const schema = kind && (isGoTo ? withoutTarget(kind.params) : kind.params);
  const hasSettings = Object.keys(schema?.properties ?? {}).length > 0;
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
      {schema && hasSettings ? (
        <fieldset disabled={!mayEdit} style={{ border: 0, padding: 0, margin: 0 }}>
          {isGoTo && (
            <GoToTarget
              target={step.params.target as string | undefined}
              steps={props.others}
              nameOf={props.nameOf}
              isPicking={flow.isPicking}
              onPick={flow.setPicking}
              onChange={(target) => flow.setParams(step.id, { ...step.params, target })}
            />
          )}
          <SchemaForm schema={schema} value={step.params} onChange={(params) => flow.setParams(step.id, params)} />
        </fieldset>
      ) : (
        <Text size="sm" c="dimmed">
          {t('inspector.nothing')}
        </Text>
      )}
      <Textarea
        label={t('inspector.note')}
        placeholder={t('inspector.notePlaceholder')}
        autosize
        minRows={1}
        maxRows={6}
        maxLength={2000}
        disabled={!mayEdit}
        value={step.note ?? ''}
        onChange={(event) => flow.note(step.id, event.currentTarget.value)}
      />
      {here > 0 && <Standing automationId={props.automationId} stepId={step.id} />}
      {mayEdit && (
        <Box>
          <Divider mb="sm" />
          <Group justify="space-between">
            <Group gap={4}>
              <Small
                label={t('inspector.up')}
                onClick={() => flow.shift(step.id, -1)}
                icon={<IconArrowUp size={16} />}
              />
              <Small
                label={t('inspector.down')}
                onClick={() => flow.shift(step.id, 1)}
                icon={<IconArrowDown size={16} />}
              />
              <Small
                label={t('inspector.duplicate')}
                onClick={() => flow.duplicate(step.id)}
                icon={<IconCopyPlus size={16} />}
              />
              <Small label={t('inspector.copy')} onClick={() => flow.copy(step)} icon={<IconCopy size={16} />} />
              <Small
                label={t('inspector.cut')}
                onClick={() => {
                  flow.copy(step);
                  flow.remove(step.id);
                }}
                icon={<IconScissors size={16} />}
              />
            </Group>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconTrash size={15} />}
              onClick={() => flow.remove(step.id)}
            >
              {t('inspector.delete')}
            </Button>
          </Group>
        </Box>
      )}
    </Stack>
  );
}

function withoutTarget(schema: ParamsSchema): ParamsSchema {
  const { target: _target, ...properties } = schema.properties ?? {};
  return { ...schema, properties, required: schema.required?.filter((name) => name !== 'target') };
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
