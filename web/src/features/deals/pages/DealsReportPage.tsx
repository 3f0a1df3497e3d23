/** How a pipeline does: what stands where, what was won and lost, how long it took, and who did it. */
import { Card, Group, Select, Skeleton, Table, Text, Title } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatPercent } from '@/lib/format';
import { type Pipeline, pipelinesQuery } from '@/pickers/deals/api';
import { formatMoney } from '@/pickers/deals/money';
import { LinkAction } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { ErrorView, LoadingRows } from '@/ui/States';
import { type OwnerRow, type Report, reportQuery } from '../api';
import classes from '../deals.module.css';

const MonthsChart = lazy(() => import('../parts/MonthsChart').then((module) => ({ default: module.MonthsChart })));
const spans = [30, 90, 365, 1825] as const;

export function DealsReportPage() {
  const { t } = useTranslation('deals');
  const { pipeline: chosen, days = 90 } = useSearch({ from: '/_app/deals/report' });
  const navigate = useNavigate({ from: '/deals/report' });
  const pipelines = useQuery(pipelinesQuery).data?.items ?? [];
  const pipeline = pipelines.find((one) => one.id === chosen) ?? pipelines[0];
  return (
    <Page>
      <PageHeader
        back={
          <LinkAction to="/deals" search={{ pipeline: pipeline?.id }} aria-label={t('back')} mb="xs">
            <IconArrowLeft size={18} />
          </LinkAction>
        }
        title={t('report.title')}
        description={t('report.hint')}
        actions={
          <>
            <Select
              w={190}
              aria-label={t('pipeline.label')}
              data={pipelines.map((one) => ({ value: String(one.id), label: one.name }))}
              value={pipeline ? String(pipeline.id) : null}
              allowDeselect={false}
              onChange={(id) => void navigate({ search: (old) => ({ ...old, pipeline: Number(id) }) })}
            />
            <Select
              w={150}
              aria-label={t('report.span')}
              data={spans.map((value) => ({ value: String(value), label: t('report.days', { count: value }) }))}
              value={String(days)}
              allowDeselect={false}
              onChange={(value) => void navigate({ search: (old) => ({ ...old, days: Number(value) }) })}
            />
          </>
        }
      />
      {pipeline && <Figures pipeline={pipeline} days={days} />}
    </Page>
  );
}

function Figures({ pipeline, days }: { pipeline: Pipeline; days: number }) {
  const { t } = useTranslation('deals');
  const query = useQuery(reportQuery(pipeline.id, days));
  if (query.isPending) return <LoadingRows count={8} />;
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} />;
  const { report, owners } = query.data;
  const money = (value: number) => formatMoney(Math.round(value), report.currency);
  const days1 = (value: number | null) => (value === null ? '–' : t('report.inDays', { count: Math.round(value) }));
  return (
    <>
      <div className={classes.figures}>
        <Figure
          label={t('report.open')}
          value={money(report.open_value)}
          under={t('count', { count: report.open_count, shown: formatNumber(report.open_count) })}
        />
        <Figure label={t('report.weighted')} value={money(report.weighted_value)} under={t('report.weightedHint')} />
        <Figure
          label={t('report.won')}
          value={money(report.won_value)}
          under={t('count', { count: report.won_count, shown: formatNumber(report.won_count) })}
        />
        <Figure
          label={t('report.rate')}
          value={report.win_rate === null ? '–' : formatPercent(report.win_rate)}
          under={t('report.rateHint', { won: report.won_count, lost: report.lost_count })}
        />
        <Figure
          label={t('report.pace')}
          value={days1(report.average_days_to_win)}
          under={report.average_won_value === null ? '' : t('report.average', { sum: money(report.average_won_value) })}
        />
      </div>
      <Card padding="lg" my="md">
        <Title order={2} size="h5" mb="sm">
          {t('report.months')}
        </Title>
        {report.months.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('report.nothing')}
          </Text>
        ) : (
          <Suspense fallback={<Skeleton h={220} />}>
            <MonthsChart report={report} />
          </Suspense>
        )}
      </Card>
      <Grid
        title={t('report.stages')}
        heads={['stage', 'openCount', 'openValue', 'stale', 'entered', 'stay']}
        rows={report.stages.map((row) => [
          pipeline.stages.find((stage) => stage.id === row.stage_id)?.name,
          formatNumber(row.open_count),
          money(row.open_value),
          formatNumber(row.stale_count),
          formatNumber(row.entered_count),
          days1(row.average_days),
        ])}
      />
      <Grid
        title={t('report.owners')}
        heads={['owner', 'openCount', 'openValue', 'wonCount', 'wonValue', 'lostCount']}
        rows={owners.map((row: OwnerRow) => [
          row.name ?? t('report.nobody'),
          formatNumber(row.open_count),
          money(row.open_value),
          formatNumber(row.won_count),
          money(row.won_value),
          formatNumber(row.lost_count),
        ])}
      />
      <Reasons report={report} />
    </>
  );
}

function Reasons({ report }: { report: Report }) {
  const { t } = useTranslation('deals');
  return (
    <Grid
      title={t('report.reasons')}
      heads={['reason', 'lostCount', 'lostValue']}
      rows={report.reasons.map((row) => [
        row.reason || t('report.noReason'),
        formatNumber(row.count),
        formatMoney(row.value, report.currency),
      ])}
    />
  );
}

function Figure({ label, value, under }: { label: string; value: string; under: string }) {
  return (
    <Card padding="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fw={650} fz={22} className="num">
        {value}
      </Text>
      <Text size="xs" c="dimmed" className="num">
        {under}
      </Text>
    </Card>
  );
}

type Head =
  | 'stage'
  | 'openCount'
  | 'openValue'
  | 'stale'
  | 'entered'
  | 'stay'
  | 'owner'
  | 'wonCount'
  | 'wonValue'
  | 'lostCount'
  | 'lostValue'
  | 'reason';

function Grid({ title, heads, rows }: { title: string; heads: Head[]; rows: ReactNode[][] }) {
  const { t } = useTranslation('deals');
  return (
    <Card padding="lg" mb="md" className={classes.wide} tabIndex={0} role="region" aria-label={title}>
      <Group mb="sm">
        <Title order={2} size="h5">
          {title}
        </Title>
      </Group>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('report.nothing')}
        </Text>
      ) : (
        <Table aria-label={title} verticalSpacing={8} miw={520}>
          <Table.Thead>
            <Table.Tr>
              {heads.map((head, place) => (
                <Table.Th key={head} ta={place > 0 ? 'right' : undefined}>
                  {t(`report.heads.${head}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((cells, line) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a report is drawn anew as a whole
              <Table.Tr key={line}>
                {cells.map((cell, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the cells of a row keep their places
                  <Table.Td key={place} ta={place > 0 ? 'right' : undefined} className={place > 0 ? 'num' : undefined}>
                    {cell}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Card>
  );
}
