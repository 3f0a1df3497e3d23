import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Domain } from '../api';
import { healthOf } from '../model';

const colors = { ready: 'green', attention: 'orange', unchecked: 'gray', absent: 'gray' } as const;

/** How a domain stands; none means that it has not been set up. */
export function HealthBadge({ domain }: { domain: Domain | undefined }) {
  const { t } = useTranslation('senders');
  const health = domain ? healthOf(domain) : 'absent';
  return (
    <Badge variant="light" color={colors[health]} maw="none" style={{ overflow: 'visible' }}>
      {t(`health.${health}`)}
    </Badge>
  );
}
