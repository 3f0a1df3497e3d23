/** Whether the members of a segment are up to date, and how far the counting is if not. */
import { Badge, Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatPercent } from '@/lib/format';
import type { Segment } from '../api';

const colors = { building: 'orange', current: 'teal', broken: 'red' } as const;

export function StateBadge({ segment }: { segment: Pick<Segment, 'state' | 'progress' | 'error'> }) {
  const { t } = useTranslation('segments');
  const { state, progress, error } = segment;
  return (
    <Badge
      color={colors[state]}
      title={error ?? undefined}
      leftSection={state === 'building' ? <Loader size={10} color="currentColor" aria-hidden /> : undefined}
    >
      {state === 'building' && progress > 0
        ? t('state.progress', { percent: formatPercent(progress) })
        : t(`state.${state}`)}
    </Badge>
  );
}
