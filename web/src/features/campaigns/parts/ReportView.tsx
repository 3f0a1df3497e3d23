/** What came of a campaign: the funnel, hours, variants, links, domains, reasons, recipients. */
import { AreaChart } from '@mantine/charts';
import { Box, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatDate, formatMoment, formatNumber, formatPercent, formatShort } from '@/lib/format';
import { formatSums } from '@/pickers/deals/money';
import { ErrorView, LoadingRows } from '@/ui/States';
import { type Campaign, type Report, reportQuery } from '../api';
import classes from '../campaigns.module.css';
import { byDay, funnelOf, isLong, shareText, sumsOf, wonOf } from '../model';
import { LinkMap } from './LinkMap';
import { Recipients } from './Recipients';
import { Row, TableCard } from './TableCard';
import { Variants } from './Variants';

export function ReportView({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const report = useQuery(reportQuery(campaign.id));
  return (
    <Stack>
      <Funnel campaign={campaign} />
      {campaign.kind === 'split' && <Variants campaign={campaign} />}
      {report.isPending ? (
        <LoadingRows count={5} />
      ) : report.isError ? (
        <ErrorView error={report.error} onRetry={() => void report.refetch()} />
      ) : (
        <>
          <Hours report={report.data} />
          <LinkMap campaign={campaign} links={report.data.links} />
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <TableCard title={t('report.domains')} heads={[t('report.domain'), t('report.sent'), t('report.opened')]}>
              {report.data.domains.map((row) => (
                <Row key={row.domain} cells={[row.domain, formatNumber(row.sent), shareText(row.opened, row.sent)]} />
              ))}
            </TableCard>
            <TableCard title={t('report.reasons')} heads={[t('report.reason'), t('report.count')]}>
              {report.data.reasons.map((row) => (
                <Row key={`${row.code}${row.reason}`} cells={[row.reason || '–', formatNumber(row.count)]} />
              ))}
            </TableCard>
          </SimpleGrid>
        </>
      )}
      <Recipients campaign={campaign} />
    </Stack>
  );
}

function Funnel({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  return (
    <Box>
      <SimpleGrid cols={{ base: 2, sm: 5 }}>
        {funnelOf(campaign.figures).map((step) => (
          <Card key={step.name} padding="md">
            <Text size="sm" c="dimmed" fw={500}>
              {t(`report.${step.name}`)}
            </Text>
            <Text fz={24} fw={650} className="num" mt={4}>
              {formatNumber(step.count)}
            </Text>
            <Text size="xs" c="dimmed" mb={8} className="num">
              {step.share === null ? '–' : formatPercent(step.share)}
            </Text>
            <div className={classes.bar}>
              <div style={{ width: `${(step.share ?? 0) * 100}%` }} />
            </div>
          </Card>
        ))}
      </SimpleGrid>
      {campaign.figures.machine_opened > 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          {t('report.machines', {
            count: campaign.figures.machine_opened,
            shown: formatNumber(campaign.figures.machine_opened),
          })}
        </Text>
      )}
      <Outcomes campaign={campaign} />
      {campaign.figures.refused > 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          {t('report.refused', { count: formatNumber(campaign.figures.refused) as unknown as number })}
        </Text>
      )}
    </Box>
  );
}

/** Replies and revenue, where there are any. */
function Outcomes({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const { replied, revenue } = campaign.figures;
  const won = wonOf(revenue);
  if (!replied && !won) return null;
  const words = [
    replied > 0 && t('report.repliedText', { count: replied, shown: formatNumber(replied) }),
    won > 0 &&
      t('report.revenueText', {
        count: won,
        shown: formatNumber(won),
        sum: formatSums(sumsOf(revenue)),
        days: campaign.test.revenue_days,
      }),
  ];
  return (
    <Text size="sm" mt="xs">
      {words.filter(Boolean).join(' ')}
    </Text>
  );
}

function Hours({ report }: { report: Report }) {
  const { t } = useTranslation('campaigns');
  const isByDay = isLong(report.hours);
  const series = isByDay ? byDay(report.hours) : report.hours;
  const format = (hour: unknown) =>
    typeof hour === 'string' && hour ? (isByDay ? formatDate : formatMoment)(hour) : '';
  return (
    <Card padding="lg">
      <Title order={2} size="h5">
        {t(isByDay ? 'report.days' : 'report.series')}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {t('report.seriesText')}
      </Text>
      <Group gap="md" mb="xs" justify="flex-end">
        <Legend color="teal.5" label={t('report.opened')} />
        <Legend color="orange.5" label={t('report.clicked')} />
      </Group>
      {series.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('report.nothing')}
        </Text>
      ) : (
        <AreaChart
          h={240}
          data={series}
          dataKey="hour"
          series={[
            { name: 'opened', label: t('report.opened'), color: 'teal.5' },
            { name: 'clicked', label: t('report.clicked'), color: 'orange.5' },
          ]}
          curveType="monotone"
          withDots={series.length < 3}
          tickLine="none"
          gridAxis="x"
          valueFormatter={formatNumber}
          xAxisProps={{ minTickGap: 60, tickFormatter: format }}
          yAxisProps={{ tickFormatter: formatShort, width: 40, allowDecimals: false }}
          tooltipProps={{ labelFormatter: format }}
          role="img"
          aria-label={t('report.seriesText')}
        />
      )}
    </Card>
  );
}

function Legend({ color, label }: { color: string; label: string }) {
  return (
    <Group gap={6} wrap="nowrap">
      <Box w={8} h={8} bg={color} style={{ borderRadius: 3 }} />
      <Text size="xs" c="dimmed">
        {label}
      </Text>
    </Group>
  );
}
