/** Entries, ends and exits by day. Loaded with the report only: charts are heavy. */
import '@mantine/charts/styles.css';
import { AreaChart } from '@mantine/charts';
import { useTranslation } from 'react-i18next';
import { formatDay, formatShort } from '@/lib/format';
import type { Report } from '../report-api';

export function DaysChart({ days }: { days: Report['days'] }) {
  const { t } = useTranslation('automations');
  return (
    <AreaChart
      h={200}
      data={days.map((day) => ({ ...day, day: formatDay(day.day) }))}
      dataKey="day"
      gridAxis="x"
      tickLine="none"
      withDots={false}
      withLegend
      curveType="monotone"
      fillOpacity={0.12}
      valueFormatter={formatShort}
      aria-label={t('report.chart')}
      role="img"
      series={[
        { name: 'entered', label: t('report.entered'), color: 'brand.5' },
        { name: 'completed', label: t('report.completed'), color: 'teal.5' },
        { name: 'exited', label: t('report.exited'), color: 'orange.5' },
      ]}
    />
  );
}
