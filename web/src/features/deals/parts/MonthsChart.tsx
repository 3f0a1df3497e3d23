/** Won and lost by month. Loaded with the report only: charts are heavy. */
import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { useTranslation } from 'react-i18next';
import { formatMoney, fromUnits, toUnits } from '@/pickers/deals/money';
import type { Report } from '../api';

const month = new Intl.DateTimeFormat(undefined, { month: 'short', year: '2-digit', timeZone: 'UTC' });

export function MonthsChart({ report }: { report: Report }) {
  const { t } = useTranslation('deals');
  const { currency } = report;
  return (
    <BarChart
      h={220}
      data={report.months.map((row) => ({
        month: month.format(new Date(row.month)),
        won: toUnits(row.won_value, currency),
        lost: toUnits(row.lost_value, currency),
      }))}
      dataKey="month"
      gridAxis="x"
      tickLine="none"
      withLegend
      maxBarWidth={34}
      valueFormatter={(value) => formatMoney(fromUnits(value, currency), currency)}
      aria-label={t('report.chart')}
      role="img"
      series={[
        { name: 'won', label: t('status.won'), color: 'teal.5' },
        { name: 'lost', label: t('status.lost'), color: 'gray.5' },
      ]}
    />
  );
}
