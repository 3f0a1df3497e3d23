/** All exports, newest first, and what is exported on a schedule. */
import { Button, Card, Table } from '@mantine/core';
import { IconFileDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { ExportDialog } from '@/pickers/export/ExportDialog';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { exportsQuery, schedulesQuery } from '../api';
import { ExportRow } from '../parts/ExportRow';
import { Schedules } from '../parts/Schedules';

export function ExportsPage() {
  const { t } = useTranslation('exports');
  const query = useQuery(exportsQuery);
  const schedules = useQuery(schedulesQuery);
  const [isOpen, setOpen] = useState(false);
  const mayEdit = useMay('editor');
  const start = mayEdit && (
    <Button leftSection={<IconFileDownload size={16} />} onClick={() => setOpen(true)}>
      {t('start')}
    </Button>
  );
  return (
    <Page width={1040}>
      <PageHeader title={t('title')} description={t('subtitle')} actions={start} />
      <Card padding={0} style={{ overflowX: 'auto' }}>
        {query.isPending ? (
          <LoadingRows count={5} />
        ) : query.isError ? (
          <ErrorView error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.items.length === 0 ? (
          <EmptyView
            icon={<IconFileDownload size={26} stroke={1.6} />}
            title={t('emptyTitle')}
            description={t('emptyText')}
            actions={start}
          />
        ) : (
          <Table horizontalSpacing="md" verticalSpacing={10} highlightOnHover aria-label={t('title')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('name')}</Table.Th>
                <Table.Th>{t('state')}</Table.Th>
                {(['rows', 'size', 'when'] as const).map((name) => (
                  <Table.Th key={name} ta="right" visibleFrom="sm">
                    {t(name)}
                  </Table.Th>
                ))}
                <Table.Th ta="right">{t('actions')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {query.data.items.map((item) => (
                <ExportRow key={item.id} item={item} mayEdit={mayEdit} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Card>
      <Schedules items={schedules.data?.items ?? []} mayEdit={mayEdit} />
      <ExportDialog opened={isOpen} onClose={() => setOpen(false)} selection={{}} />
    </Page>
  );
}
