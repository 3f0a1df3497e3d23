import { Sparkline } from '@mantine/charts';
import { Card, Group, Text } from '@mantine/core';

type Props = { label: string; value: string; hint: string; series: number[]; color: string };

export function StatCard({ label, value, hint, series, color }: Props) {
  const isFlat = series.every((one) => one === series[0]);
  return (
    <Card padding="md">
      <Text size="sm" c="dimmed" fw={500}>
        {label}
      </Text>
      <Group justify="space-between" align="flex-end" mt={6} wrap="nowrap">
        <Text fz={26} fw={650} lh={1.1} className="num" style={{ letterSpacing: '-0.02em' }}>
          {value}
        </Text>
        {!isFlat && (
          <Sparkline
            w={92}
            h={34}
            data={series}
            color={color}
            strokeWidth={1.75}
            fillOpacity={0.14}
            curveType="monotone"
            role="img"
            aria-label={label}
          />
        )}
      </Group>
      <Text size="xs" c="dimmed" mt={8}>
        {hint}
      </Text>
    </Card>
  );
}
