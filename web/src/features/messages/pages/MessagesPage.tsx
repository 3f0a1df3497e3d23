/** All messages. */
import { Card, Table } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatAgo } from '@/lib/format';
import { LinkAnchor } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { messagesQuery } from '../api';
import { NewMessage } from '../parts/NewMessage';
import { RowMenu } from '../parts/RowMenu';

export function MessagesPage() {
  const { t } = useTranslation('messages');
  const { q } = useSearch({ from: '/_app/messages' });
  const mayEdit = useMay('editor');
  const query = useQuery(messagesQuery(q ?? ''));
  return (
    <Page width={1040}>
      <PageHeader title={t('title')} description={t('subtitle')} actions={mayEdit && <NewMessage />} />
      <Card padding={0} style={{ overflowX: 'auto' }}>
        {query.isPending ? (
          <LoadingRows count={6} />
        ) : query.isError ? (
          <ErrorView error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.items.length === 0 ? (
          <EmptyView
            icon={<IconMail size={26} stroke={1.6} />}
            title={t('empty.title')}
            description={t('empty.text')}
            actions={mayEdit && <NewMessage />}
          />
        ) : (
          <Table horizontalSpacing="md" verticalSpacing={10} highlightOnHover aria-label={t('title')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('columns.name')}</Table.Th>
                <Table.Th visibleFrom="sm">{t('columns.subject')}</Table.Th>
                <Table.Th ta="right">{t('columns.changed')}</Table.Th>
                {mayEdit && <Table.Th w={48} aria-label={t('columns.actions')} />}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {query.data.items.map((item) => (
                <Table.Tr key={item.id}>
                  <Table.Td>
                    <LinkAnchor
                      to="/messages/$id"
                      params={{ id: String(item.id) }}
                      size="sm"
                      fw={550}
                      c="var(--mantine-color-text)"
                    >
                      {item.name}
                    </LinkAnchor>
                  </Table.Td>
                  <Table.Td visibleFrom="sm">{item.subject || '–'}</Table.Td>
                  <Table.Td ta="right" className="num">
                    {formatAgo(item.updated_at)}
                  </Table.Td>
                  {mayEdit && (
                    <Table.Td>
                      <RowMenu message={item} />
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Card>
    </Page>
  );
}
