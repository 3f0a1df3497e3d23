/** What became, or would become, of the rows. */
import { SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/lib/format';
import type { Progress } from '../api';
import classes from '../imports.module.css';

const counts = [
  ['created', 'teal'],
  ['updated', 'brand'],
  ['unchanged', 'gray'],
  ['skipped', 'yellow'],
  ['failed', 'red'],
] as const;

export function Counts({ progress }: { progress: Progress }) {
  const { t } = useTranslation('imports');
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, sm: 5 }} spacing="xs" component="dl" m={0}>
      {counts.map(([name, color]) => (
        <div key={name} className={classes.count} style={{ '--hue': `var(--mantine-color-${color}-5)` }}>
          <Text component="dt" size="xs" c="dimmed">
            {t(`counts.${name}`)}
          </Text>
          <Text component="dd" m={0} fz={22} fw={600} lh={1.2} className="num">
            {formatNumber(progress[name])}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}
