/** The two charts of the start page. */
import { AreaChart, BarChart } from '@mantine/charts';
import { Box, Card, Center, Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDay, formatNumber, formatShort } from '@/lib/format';
import type { Day } from '../api';

const height = 250;

/** Recharts asks once for a label before there is one. */
const dayLabel = (day: unknown) => (typeof day === 'string' && day ? formatDay(day) : '');

export function MessagesChart({ series }: { series: Day[] }) {
  const { t } = useTranslation('dashboard');
  const isEmpty = series.every((day) => day.sent + day.opened + day.clicked === 0);
  return (
    <ChartCard
      title={t('charts.messages')}
      text={t('charts.messagesText')}
      isEmpty={isEmpty}
      legend={
        <>
          <Legend color="brand.5" label={t('charts.sent')} />
          <Legend color="teal.5" label={t('charts.opened')} />
          <Legend color="orange.5" label={t('charts.clicked')} />
        </>
      }
    >
      <AreaChart
        h={height}
        data={series}
        dataKey="day"
        series={[
          { name: 'sent', label: t('charts.sent'), color: 'brand.5' },
          { name: 'opened', label: t('charts.opened'), color: 'teal.5' },
          { name: 'clicked', label: t('charts.clicked'), color: 'orange.5' },
        ]}
        curveType="monotone"
        withDots={false}
        tickLine="none"
        gridAxis="x"
        strokeWidth={2}
        withGradient
        valueFormatter={formatNumber}
        xAxisProps={{ minTickGap: 36, tickFormatter: formatDay }}
        yAxisProps={{ tickFormatter: formatShort, width: 40, allowDecimals: false }}
        tooltipProps={{ labelFormatter: dayLabel }}
        role="img"
        aria-label={t('charts.messagesText')}
      />
    </ChartCard>
  );
}

export function ContactsChart({ series }: { series: Day[] }) {
  const { t } = useTranslation('dashboard');
  return (
    <ChartCard
      title={t('charts.contacts')}
      text={t('charts.contactsText')}
      isEmpty={series.every((day) => day.contacts === 0)}
    >
      <BarChart
        h={height}
        data={series}
        dataKey="day"
        series={[{ name: 'contacts', label: t('charts.contacts'), color: 'brand.5' }]}
        tickLine="none"
        gridAxis="x"
        barProps={{ radius: [3, 3, 0, 0] }}
        maxBarWidth={12}
        valueFormatter={formatNumber}
        xAxisProps={{ minTickGap: 36, tickFormatter: formatDay }}
        yAxisProps={{ tickFormatter: formatShort, width: 36, allowDecimals: false }}
        tooltipProps={{ labelFormatter: dayLabel }}
        role="img"
        aria-label={t('charts.contactsText')}
      />
    </ChartCard>
  );
}

type CardProps = { title: string; text: string; legend?: ReactNode; isEmpty: boolean; children: ReactNode };

function ChartCard({ title, text, legend, isEmpty, children }: CardProps) {
  const { t } = useTranslation('dashboard');
  return (
    <Card h="100%">
      <Group justify="space-between" mb="md" align="flex-start">
        <Box>
          <Title order={2} size="h3">
            {title}
          </Title>
          <Text size="sm" c="dimmed">
            {text}
          </Text>
        </Box>
        {legend && <Group gap="md">{legend}</Group>}
      </Group>
      {isEmpty ? (
        <Center h={height}>
          <Text c="dimmed" size="sm">
            {t('charts.nothing')}
          </Text>
        </Center>
      ) : (
        children
      )}
    </Card>
  );
}

function Legend({ color, label }: { color: string; label: string }) {
  return (
    <Group gap={6}>
      <Box w={8} h={8} bg={color} style={{ borderRadius: 3 }} />
      <Text size="xs" c="dimmed">
        {label}
      </Text>
    </Group>
  );
}
