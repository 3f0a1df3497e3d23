/** What came back from a contact or for a message: bounces with their reasons, complaints, replies. */
import { Badge, Box, Card, Group, Stack, Text, Title } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { formatAgo } from '@/lib/format';
import { ErrorView } from '@/ui/States';

const kinds = ['bounce', 'complaint', 'auto_reply', 'reply'] as const;
const severities = ['hard', 'soft', 'other'] as const;
const causes = [
  ...(['unknown_address', 'unknown_domain', 'inactive', 'mailbox_full', 'expired', 'undeliverable'] as const),
  ...(['oversize', 'greylisted', 'transient', 'policy', 'loop'] as const),
];
type Cause = { what: string; severity: string | null; cause: string; count: number };
type Notice = Omit<Cause, 'count'> & {
  ledger_id: number;
  message_name: string;
  email: string;
  diagnostic: string;
  subject: string;
  body: string;
  received_at: string;
};
const color = { hard: 'red', soft: 'orange', other: 'gray' } as const;

/** `about` is the path of the contact or message. */
const noticesQuery = (about: string) =>
  queryOptions({
    queryKey: ['notices', about],
    queryFn: ({ signal }) => api.get<{ items: Notice[]; causes: Cause[] }>(`${about}/notices`, { signal }),
  });

export function Notices({ about }: { about: string }) {
  const { t } = useTranslation('suppressions');
  const query = useQuery(noticesQuery(about));
  if (query.isPending) return null;
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} height={160} />;
  if (query.data.items.length === 0) return null;
  return (
    <Card mt="md">
      <Title order={2} size="h4" mb="sm">
        {t('notices.title')}
      </Title>
      {query.data.causes.length > 0 && (
        <Group gap="xs" mb="md">
          {query.data.causes.map((item) => (
            <Label key={`${item.what} ${item.cause} ${item.severity}`} item={item} count={item.count} />
          ))}
        </Group>
      )}
      <Stack gap="sm">
        {query.data.items.map((item) => (
          <Box key={`${item.ledger_id} ${item.what} ${item.received_at} ${item.subject}${item.severity}`}>
            <Group gap="xs" justify="space-between">
              <Label item={item} />
              <Text size="xs" c="dimmed">
                {formatAgo(item.received_at)}
              </Text>
            </Group>
            <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {[item.message_name, item.email, item.diagnostic || item.subject].filter(Boolean).join(' · ')}
            </Text>
            {item.body && (
              <Text size="sm" mt={4} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} lineClamp={8}>
                {item.body}
              </Text>
            )}
          </Box>
        ))}
      </Stack>
    </Card>
  );
}

function Label({ item, count }: { item: Omit<Cause, 'count'>; count?: number }) {
  const { t } = useTranslation('suppressions');
  const kind = kinds.find((one) => one === item.what) ?? 'reply';
  const severity = severities.find((one) => one === item.severity);
  const cause = causes.find((one) => one === item.cause);
  return (
    <Group gap={6}>
      <Badge color={severity ? color[severity] : kind === 'complaint' ? 'red' : 'teal'}>
        {t(`notices.${kind}`)}
        {severity && ` · ${t(`notices.${severity}`)}`}
        {count !== undefined && ` · ${count}`}
      </Badge>
      {cause && <Text size="sm">{t(`notices.causes.${cause}`)}</Text>}
    </Group>
  );
}
