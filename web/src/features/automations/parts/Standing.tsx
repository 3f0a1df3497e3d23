/** Who stands on a step, since when, and when each moves on by itself. */
import { Box, Button, Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatMoment } from '@/lib/format';
import { LinkAnchor } from '@/ui/links';
import { type Enrollment, standingQuery } from '../api';

export function Standing({ automationId, stepId }: { automationId: number; stepId: string }) {
  const { t } = useTranslation('automations');
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    standingQuery(automationId, stepId),
  );
  if (!data) return null;
  const whenOf = (item: Enrollment) => {
    if (item.due_at) return t('inspector.due', { when: formatMoment(item.due_at) });
    return item.state === 'waiting' ? t('inspector.waits') : t('inspector.paused');
  };
  return (
    <Box component="section" aria-label={t('inspector.who')}>
      <Text size="xs" fw={600} c="dimmed" mb={4}>
        {t('inspector.who')}
      </Text>
      <Stack gap={8}>
        {data.pages.flatMap((page) =>
          page.items.map((item) => (
            <Box key={item.id}>
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <LinkAnchor
                  to="/contacts/$id"
                  params={{ id: String(item.contact_id) }}
                  search={{ tab: 'automations' }}
                  size="sm"
                  truncate
                >
                  {`${item.first_name} ${item.last_name}`.trim() || item.email}
                </LinkAnchor>
                <Text size="xs" c="dimmed" className="num">
                  {formatAgo(item.entered_at)}
                </Text>
              </Group>
              <Text size="xs" c="dimmed">
                {item.error ?? whenOf(item)}
              </Text>
            </Box>
          )),
        )}
      </Stack>
      {hasNextPage && (
        <Button
          mt="xs"
          size="compact-sm"
          variant="subtle"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {t('inspector.more')}
        </Button>
      )}
    </Box>
  );
}
