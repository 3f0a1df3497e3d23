/** All automations with what they are doing now. */
import { Badge, Card, Table } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatAgo, formatNumber } from '@/lib/format';
import { LinkAnchor } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { automationsQuery } from '../api';
import { CreateButton } from '../parts/CreateButton';
import { RowMenu } from '../parts/RowMenu';

export const statusColor = { draft: 'gray', active: 'teal', paused: 'orange' } as const;

export function AutomationsPage() {
  const { t } = useTranslation('automations');
  const { q, status } = useSearch({ from: '/_app/automations' });
  const mayEdit = useMay('editor');
  const query = useQuery(automationsQuery(q ?? '', status));
  return (
    <Page width={1040}>
      <PageHeader title={t('title')} description={t('subtitle')} actions={mayEdit && <CreateButton />} />
      <Card padding={0} style={{ overflowX: 'auto' }}>
        {query.isPending ? (
          <LoadingRows count={6} />
        ) : query.isError ? (
          <ErrorView error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.items.length === 0 ? (
          <EmptyView
            icon={<IconBolt size={26} stroke={1.6} />}
            title={t('empty.title')}
            description={t('empty.text')}
            actions={mayEdit && <CreateButton />}
          />
        ) : (
          <Table horizontalSpacing="md" verticalSpacing={10} highlightOnHover aria-label={t('title')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('columns.name')}</Table.Th>
                <Table.Th>{t('columns.status')}</Table.Th>
                <Table.Th ta="right">{t('columns.active')}</Table.Th>
                <Table.Th ta="right" visibleFrom="sm">
                  {t('columns.completed')}
                </Table.Th>
                <Table.Th ta="right" visibleFrom="sm">
                  {t('columns.changed')}
                </Table.Th>
                {mayEdit && <Table.Th w={48} aria-label={t('columns.actions')} />}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {query.data.items.map((item) => (
                <Table.Tr key={item.id}>
                  <Table.Td>
                    <LinkAnchor
                      to="/automations/$id"
                      params={{ id: String(item.id) }}
                      size="sm"
                      fw={550}
                      c="var(--mantine-color-text)"
                    >
                      {item.name}
                    </LinkAnchor>
                  </Table.Td>
                  <Table.Td>
                    <Badge color={statusColor[item.status]}>{t(`status.${item.status}`)}</Badge>
                  </Table.Td>
                  <Table.Td ta="right" className="num">
                    {formatNumber(item.active)}
                  </Table.Td>
                  <Table.Td ta="right" className="num" visibleFrom="sm">
                    {formatNumber(item.completed)}
                  </Table.Td>
                  <Table.Td ta="right" className="num" visibleFrom="sm">
                    {formatAgo(item.updated_at)}
                  </Table.Td>
                  {mayEdit && (
                    <Table.Td>
                      <RowMenu automation={item} />
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
