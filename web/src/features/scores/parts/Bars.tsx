/** How contacts with points are spread over them. */
import { Card, Text, Title, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatShort } from '@/lib/format';
import type { ScoreDetail } from '../api';
import classes from '../scores.module.css';

export function Bars({ detail: { bars } }: { detail: ScoreDetail }) {
  const { t } = useTranslation('scores');
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  const span = (low: number, high: number) =>
    low === high ? formatNumber(low) : `${formatNumber(low)} – ${formatNumber(high)}`;
  return (
    <Card padding="lg">
      <Title order={2} size="h4" mb="md">
        {t('spread')}
      </Title>
      {bars.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('noPoints')}
        </Text>
      ) : (
        <ol className={classes.bars} aria-label={t('spread')}>
          {bars.map((bar) => (
            <Tooltip key={bar.low} label={t('bar', { span: span(bar.low, bar.high), count: formatNumber(bar.count) })}>
              <li>
                <Text size="xs" c="dimmed" className="num">
                  {formatShort(bar.count)}
                </Text>
                <i style={{ height: `${Math.max(2, (bar.count / most) * 120)}px` }} />
                <Text size="xs" className="num">
                  {span(bar.low, bar.high)}
                </Text>
              </li>
            </Tooltip>
          ))}
        </ol>
      )}
    </Card>
  );
}
