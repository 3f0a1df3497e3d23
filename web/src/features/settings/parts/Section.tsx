/** A titled card of settings, with the loading and error states they all share. */
import { Box, Card, Group, Text, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '@/api/problems';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';

type Props<T> = {
  title: string;
  text: string;
  action?: ReactNode;
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
};

export function Section<T>({ title, text, action, query, children }: Props<T>) {
  const { t } = useTranslation('settings');
  return (
    <Card>
      <Group justify="space-between" mb="md" gap="sm" align="flex-start">
        <Box flex={1} miw={220}>
          <Title order={2} size="h3">
            {title}
          </Title>
          <Text size="sm" c="dimmed">
            {text}
          </Text>
        </Box>
        {action}
      </Group>
      {query.isPending ? (
        <LoadingRows count={3} />
      ) : isStatus(query.error, 403) ? (
        <EmptyView icon={<IconLock size={26} stroke={1.6} />} title={t('forbidden')} height={200} />
      ) : query.isError ? (
        <ErrorView error={query.error} onRetry={() => void query.refetch()} height={220} />
      ) : (
        children(query.data as T)
      )}
    </Card>
  );
}
