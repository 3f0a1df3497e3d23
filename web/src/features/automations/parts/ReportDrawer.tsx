/** What came of the automation: entries and ends by day, why contacts left, goals, steps and messages. */
import { Anchor, Drawer, Group, SegmentedControl, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatPercent } from '@/lib/format';
import { ErrorView, LoadingRows } from '@/ui/States';
import { lasting, share } from '../model';
import { type Report, type ReportPart, reportFile, reportQuery } from '../report-api';
import { Figure } from './Figure';

const DaysChart = lazy(() => import('./DaysChart').then((module) => ({ default: module.DaysChart })));

const spans = ['7', '30', '90', '365'] as const;
const reasons = ['exit_rule', 'by_hand', 'other_automation', 'restarted', 'published', 'merged', 'deleted'] as const;

type Props = {
  automationId: number;
  opened: boolean;
  onClose: () => void;
  /** What a step is called, with its settings. */
  nameOf: (stepId: string, type: string) => string;
};
export type NameOf = Props['nameOf'];

export function ReportDrawer({ automationId, opened, onClose, nameOf }: Props) {
  const { t } = useTranslation('automations');
  const [days, setDays] = useState<string>('30');
  const report = useQuery({ ...reportQuery(automationId, Number(days)), enabled: opened });
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={t('report.title')}
      closeButtonProps={{ 'aria-label': t('inspector.close') }}
      position="right"
      size="xl"
    >
      <Stack gap="lg">
        <SegmentedControl
          aria-label={t('report.span')}
          value={days}
          onChange={setDays}
          data={spans.map((value) => ({ value, label: t('report.days', { count: Number(value) }) }))}
        />
        {report.isPending ? (
          <LoadingRows count={6} />
        ) : report.isError ? (
          <ErrorView error={report.error} onRetry={() => void report.refetch()} />
        ) : (
          <Content
            report={report.data}
            nameOf={nameOf}
            fileOf={(part) => reportFile(automationId, Number(days), part)}
          />
        )}
      </Stack>
    </Drawer>
  );
}

type ContentProps = { report: Report; nameOf: NameOf; fileOf: (part: ReportPart) => string };

function Content({ report, nameOf, fileOf }: ContentProps) {
  const { t } = useTranslation('automations');
  const reasonOf = (reason: string) => {
    const known = reasons.find((item) => item === reason);
    return known ? t(`report.reasons.${known}`) : t('report.reasons.unknown');
  };
  return (
    <>
      <SimpleGrid cols={{ base: 2, sm: 5 }} spacing="xs">
        <Figure label={t('report.entered')} value={formatNumber(report.entered)} />
        <Figure label={t('report.completed')} value={formatNumber(report.completed)} />
        <Figure label={t('report.exited')} value={formatNumber(report.exited)} />
        <Figure label={t('report.active')} value={formatNumber(report.active)} />
        <Figure label={t('report.average')} value={lasting(report.average_seconds)} />
      </SimpleGrid>
      <Suspense fallback={<LoadingRows count={3} />}>
        <DaysChart days={report.days} />
      </Suspense>
      <Section
        title={t('report.goals')}
        file={fileOf('goals')}
        empty={t('report.noGoals')}
        heads={['goal', 'reached', 'rate', 'time']}
      >
        {report.goals.map((goal) => (
          <Row
            key={goal.step_id}
            cells={[goal.name, formatNumber(goal.reached), formatPercent(goal.rate), lasting(goal.average_seconds)]}
          />
        ))}
      </Section>
      <Section title={t('report.exits')} file={fileOf('exits')} empty={t('report.noExits')} heads={['reason', 'count']}>
        {report.exits.map((exit) => (
          <Row key={exit.reason} cells={[reasonOf(exit.reason), formatNumber(exit.count)]} />
        ))}
      </Section>
      <Section
        title={t('report.steps')}
        file={fileOf('steps')}
        empty=""
        heads={['step', 'here', 'passed', 'left', 'share']}
      >
        {report.steps.map((step) => (
          <Row
            key={step.step_id}
            cells={[
              nameOf(step.step_id, step.type),
              formatNumber(step.here),
              formatNumber(step.passed),
              formatNumber(step.exited),
              formatPercent(step.share),
            ]}
          />
        ))}
      </Section>
      <Section
        title={t('report.messages')}
        file={fileOf('messages')}
        empty={t('report.noMessages')}
        heads={['message', 'sent', 'opened', 'clicked', 'notSent']}
      >
        {report.messages.map((item) => (
          <Row
            key={item.step_id}
            cells={[
              item.name,
              formatNumber(item.sent),
              share(item.opened, item.sent),
              share(item.clicked, item.sent),
              formatNumber(item.not_sent),
            ]}
          />
        ))}
      </Section>
    </>
  );
}

type Head =
  | 'goal'
  | 'reached'
  | 'rate'
  | 'time'
  | 'reason'
  | 'count'
  | 'step'
  | 'here'
  | 'passed'
  | 'left'
  | 'share'
  | 'message'
  | 'sent'
  | 'opened'
  | 'clicked'
  | 'notSent';
type SectionProps = { title: string; file: string; empty: string; heads: Head[]; children: ReactNode[] };

function Section({ title, file, empty, heads, children }: SectionProps) {
  const { t } = useTranslation('automations');
  return (
    <section aria-label={title}>
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h6">
          {title}
        </Title>
        {children.length > 0 && (
          <Anchor href={file} size="xs" download aria-label={t('report.fileOf', { part: title })}>
            <IconDownload size={14} aria-hidden /> {t('report.file')}
          </Anchor>
        )}
      </Group>
      {children.length === 0 ? (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={420}>
          <Table aria-label={title}>
            <Table.Thead>
              <Table.Tr>
                {heads.map((head, place) => (
                  <Table.Th key={head} ta={place > 0 ? 'right' : undefined}>
                    {t(`report.heads.${head}`)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>{children}</Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </section>
  );
}

function Row({ cells }: { cells: ReactNode[] }) {
  return (
    <Table.Tr>
      {cells.map((cell, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the cells of a row keep their places
        <Table.Td key={place} ta={place > 0 ? 'right' : undefined} className={place > 0 ? 'num' : undefined}>
          {cell}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
