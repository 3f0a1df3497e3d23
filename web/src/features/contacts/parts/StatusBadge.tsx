import { Badge, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SubscriptionStatus } from '@/pickers/api';
import { statusColor } from '../model';

export function StatusBadge({ status }: { status: SubscriptionStatus | null }) {
  const { t } = useTranslation('contacts');
  if (!status) {
    return (
      <Text span size="xs" c="dimmed">
        {t('list.noList')}
      </Text>
    );
  }
  return <Badge color={statusColor[status]}>{t(`status.${status}`)}</Badge>;
}
