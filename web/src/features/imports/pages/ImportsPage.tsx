/** All imports, newest first. */
import { Card, Table, Text } from '@mantine/core';
import { IconFileImport, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatAgo, formatNumber } from '@/lib/format';
import { LinkAnchor, LinkButton } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { importsQuery } from '../api';
import { StateBadge } from '../parts/StateBadge';

export function ImportsPage() {
  const { t } = useTranslation('imports');
  const query = useQuery(importsQuery);
  const start = useMay('editor') && (
    <LinkButton to="/imports/new" leftSection={<IconUpload size={16} />}>
      {t('list.start')}
    </LinkButton>
  );
  return (
    <Page width={1040}>
      <PageHeader title={t('list.title')} description={t('list.subtitle')} actions={start} />
      <Card padding={0} style={{ overflowX: 'auto' }}>
        {query.isPending ? (
          <LoadingRows count={6} />
        ) : query.isError ? (
          <ErrorView error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.items.length === 0 ? (
          <EmptyView
            icon={<IconFileImport size={26} stroke={1.6} />}
            title={t('list.emptyTitle')}
            description={t('list.emptyText')}
            actions={start}
          />
        ) : (
          <Table horizontalSpacing="md" verticalSpacing={10} highlightOnHover aria-label={t('list.title')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('list.file')}</Table.Th>
                <Table.Th>{t('list.state')}</Table.Th>
                {(['created', 'updated'] as const).map((name) => (
                  <Table.Th key={name} ta="right" visibleFrom="sm">
                    {t(`counts.${name}`)}
                  </Table.Th>
                ))}
                <Table.Th ta="right" visibleFrom="sm">
                  {t('list.notImported')}
                </Table.Th>
                <Table.Th ta="right">{t('list.when')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {query.data.items.map((item) => (
                <Table.Tr key={item.id}>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>
                    <LinkAnchor
                      to="/imports/$id"
                      params={{ id: String(item.id) }}
                      size="sm"
                      fw={550}
                      c="var(--mantine-color-text)"
                    >
                      {item.filename}
                    </LinkAnchor>
                  </Table.Td>
                  <Table.Td>
                    <StateBadge state={item.state} />
                  </Table.Td>
                  {(['created', 'updated'] as const).map((name) => (
                    <Table.Td key={name} ta="right" className="num" visibleFrom="sm">
                      {formatNumber(item.progress[name])}
                    </Table.Td>
                  ))}
                  <Table.Td ta="right" className="num" visibleFrom="sm">
                    {formatNumber(item.progress.skipped + item.progress.failed)}
                  </Table.Td>
                  <Table.Td ta="right">
                    <Text size="xs" c="dimmed" className="num" style={{ whiteSpace: 'nowrap' }}>
                      {formatAgo(item.created_at)}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Card>
    </Page>
  );
}
