/** What was sent to a contact, and what came back. */
import { Badge, Card, Group, Table, Text } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatAgo } from '@/lib/format';
import { useObjectNames } from '@/pickers/object-names';
import { LinkAnchor } from '@/ui/links';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { contactMessagesQuery } from '../api';
import { ledgerStates, wordOf } from '../model';

const stateColor = { queued: 'gray', sending: 'orange', sent: 'teal', failed: 'red', suppressed: 'yellow' } as const;

export function MessagesTab({ contactId }: { contactId: number }) {
  const { t } = useTranslation('contacts');
  const query = useQuery(contactMessagesQuery(contactId));
  const nameOfObject = useObjectNames();
  if (query.isPending) return <Card padding={0}>{<LoadingRows count={4} />}</Card>;
  if (query.isError) {
    return (
      <Card>
        <ErrorView error={query.error} onRetry={() => void query.refetch()} />
      </Card>
    );
  }
  if (query.data.items.length === 0) {
    return (
      <Card>
        <EmptyView
          icon={<IconMail size={26} stroke={1.6} />}
          title={t('messages.none')}
          description={t('messages.noneText')}
          height={240}
        />
      </Card>
    );
  }
  return (
    <Card padding={0} style={{ overflowX: 'auto' }}>
      <Table horizontalSpacing="md" verticalSpacing={10} miw={520}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('messages.message')}</Table.Th>
            <Table.Th>{t('messages.state')}</Table.Th>
            <Table.Th>{t('messages.opened')}</Table.Th>
            <Table.Th>{t('messages.clicked')}</Table.Th>
            <Table.Th ta="right">{t('messages.when')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {query.data.items.map((row) => {
            const state = wordOf(ledgerStates, row.state);
            return (
              <Table.Tr key={row.id}>
                <Table.Td>
                  <LinkAnchor
                    to="/messages/$id"
                    params={{ id: String(row.message_id) }}
                    size="sm"
                    fw={550}
                    c="var(--mantine-color-text)"
                  >
                    {row.message_name ??
                      row.subject ??
                      nameOfObject('message_sent', row.message_id) ??
                      `#${row.message_id}`}
                  </LinkAnchor>
                  {(row.reason || (state === 'failed' && row.smtp_reply)) && (
                    <Text size="xs" c="dimmed">
                      {row.reason ?? row.smtp_reply}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <Badge color={stateColor[state]}>{t(`messages.states.${state}`)}</Badge>
                </Table.Td>
                <Table.Td className="num">{row.open_count > 0 ? row.open_count : '–'}</Table.Td>
                <Table.Td className="num">{row.click_count > 0 ? row.click_count : '–'}</Table.Td>
                <Table.Td ta="right">
                  <Group justify="flex-end">
                    <Text size="xs" c="dimmed" className="num" style={{ whiteSpace: 'nowrap' }}>
                      {formatAgo(row.sent_at ?? row.created_at)}
                    </Text>
                  </Group>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Card>
  );
}
