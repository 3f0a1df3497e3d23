/** Bulk edits, newest first, with progress and the way back. */
import { Badge, Button, Card, Progress, Stack, Table, Text } from '@mantine/core';
import { IconArrowBackUp, IconChecklist } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatAgo, formatNumber } from '@/lib/format';
import { type Edit, type EditState, editsQuery, isWorking, useCancelEdit, useUndoEdit } from '@/pickers/bulk-edit/api';
import { LinkButton } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';

const colors: Record<EditState, string> = {
  queued: 'gray',
  running: 'blue',
  completed: 'teal',
  cancelled: 'gray',
  failed: 'red',
  undoing: 'blue',
  undone: 'gray',
};

export function BulkEditsPage() {
  const { t } = useTranslation('bulk');
  const query = useQuery(editsQuery);
  const mayEdit = useMay('editor');
  return (
    <Page width={1040}>
      <PageHeader title={t('title')} description={t('subtitle')} />
      <Card padding={0} style={{ overflowX: 'auto' }}>
        {query.isPending ? (
          <LoadingRows count={5} />
        ) : query.isError ? (
          <ErrorView error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.items.length === 0 ? (
          <EmptyView
            icon={<IconChecklist size={26} stroke={1.6} />}
            title={t('emptyTitle')}
            description={t('emptyText')}
            actions={<LinkButton to="/contacts">{t('toContacts')}</LinkButton>}
          />
        ) : (
          <Table horizontalSpacing="md" verticalSpacing={10} highlightOnHover aria-label={t('title')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('what')}</Table.Th>
                <Table.Th>{t('state')}</Table.Th>
                <Table.Th ta="right" visibleFrom="sm">
                  {t('changed')}
                </Table.Th>
                <Table.Th ta="right" visibleFrom="sm">
                  {t('when')}
                </Table.Th>
                <Table.Th ta="right">{t('action')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {query.data.items.map((item) => (
                <Row key={item.id} item={item} mayEdit={mayEdit} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Card>
    </Page>
  );
}

function Row({ item, mayEdit }: { item: Edit; mayEdit: boolean }) {
  const { t } = useTranslation('bulk');
  const undo = useUndoEdit();
  const cancel = useCancelEdit();
  const takeBack = () =>
    undo.mutate(item.id, {
      onSuccess: ({ undone }) => toast(t('undone', { count: undone, number: formatNumber(undone) })),
      onError: toastError,
    });
  const mayUndo = item.changed > 0 && ['completed', 'cancelled', 'failed'].includes(item.state);
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={550}>
          {t(`actions.${item.action}`)}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {item.name}
          {item.error && ` · ${item.error}`}
          {item.kept > 0 && ` · ${t('kept', { number: formatNumber(item.kept) })}`}
        </Text>
      </Table.Td>
      <Table.Td miw={120}>{isWorking(item.state) ? <Working item={item} /> : <State state={item.state} />}</Table.Td>
      <Table.Td ta="right" className="num" visibleFrom="sm">
        {formatNumber(item.changed)}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm">
        <Text size="xs" c="dimmed" className="num" style={{ whiteSpace: 'nowrap' }}>
          {formatAgo(item.created_at)}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        {mayEdit && mayUndo && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconArrowBackUp size={14} />}
            loading={undo.isPending}
            onClick={takeBack}
          >
            {t('undo')}
          </Button>
        )}
        {mayEdit && (item.state === 'queued' || item.state === 'running') && (
          <Button size="xs" variant="default" onClick={() => cancel.mutate(item.id, { onError: toastError })}>
            {t('cancel')}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function State({ state }: { state: EditState }) {
  const { t } = useTranslation('bulk');
  return (
    <Badge color={colors[state]} variant="light">
      {t(`states.${state}`)}
    </Badge>
  );
}

function Working({ item }: { item: Edit }) {
  const { t } = useTranslation('bulk');
  return (
    <Stack gap={4}>
      <Progress
        value={item.total > 0 ? (item.done / item.total) * 100 : 0}
        animated
        aria-label={t(`states.${item.state}`)}
      />
      <Text size="xs" c="dimmed" className="num">
        {t('progress', { done: formatNumber(item.done), total: formatNumber(item.total) })}
      </Text>
    </Stack>
  );
}
