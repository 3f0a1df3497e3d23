/** What happened by day. Loaded with the report only: charts are heavy. */
import '@mantine/charts/styles.css';
import { AreaChart, type AreaChartSeries } from '@mantine/charts';
import { useTranslation } from 'react-i18next';
import { formatDay, formatShort } from '@/lib/format';
import type { DryRun } from '../dry-run-api';
import type { Report } from '../report-api';

export function DaysChart({ days }: { days: Report['days'] }) {
  const { t } = useTranslation('automations');
  return (
    <Chart
      data={days.map((day) => ({ ...day, day: formatDay(day.day) }))}
      label={t('report.chart')}
      series={[
        { name: 'entered', label: t('report.entered'), color: 'brand.5' },
        { name: 'completed', label: t('report.completed'), color: 'teal.5' },
        { name: 'exited', label: t('report.exited'), color: 'orange.5' },
      ]}
    />
  );
}

export function DryRunChart({ days }: { days: DryRun['days'] }) {
  const { t } = useTranslation('automations');
  return (
    <Chart
      data={days.map(({ date, ...counts }) => ({ ...counts, day: formatDay(date) }))}
      label={t('dryRun.chart')}
      series={[
        { name: 'entered', label: t('report.entered'), color: 'brand.5' },
        { name: 'mails', label: t('dryRun.mails'), color: 'teal.5' },
      ]}
    />
  );
}

type ChartProps = { data: Record<string, string | number>[]; label: string; series: AreaChartSeries[] };

function Chart({ data, label, series }: ChartProps) {
  return (
    <AreaChart
      h={200}
      data={data}
      dataKey="day"
      gridAxis="x"
      tickLine="none"
      withDots={false}
      withLegend
      curveType="monotone"
      fillOpacity={0.12}
      valueFormatter={formatShort}
      aria-label={label}
      role="img"
      series={series}
    />
  );
}
