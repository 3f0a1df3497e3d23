/** One export: what, how far, and what can be done with it. */
import { ActionIcon, Badge, Group, Progress, Stack, Table, Text } from '@mantine/core';
import { IconDownload, IconPlayerStop, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatBytes, formatNumber } from '@/lib/format';
import { toast, toastError } from '@/ui/toast';
import { type Export, type ExportState, fileUrl, isWorking, useCancelExport, useDeleteExport } from '../api';

const colors: Record<ExportState, string> = {
  queued: 'gray',
  running: 'blue',
  completed: 'teal',
  failed: 'red',
  cancelled: 'gray',
  expired: 'gray',
};

export function ExportRow({ item, mayEdit }: { item: Export; mayEdit: boolean }) {
  const { t } = useTranslation('exports');
  const cancel = useCancelExport();
  const remove = useDeleteExport();
  const { name } = item;
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {item.format.toUpperCase()}
          {item.error && ` · ${item.error}`}
        </Text>
      </Table.Td>
      <Table.Td miw={130}>{isWorking(item.state) ? <Working item={item} /> : <State state={item.state} />}</Table.Td>
      <Table.Td ta="right" className="num" visibleFrom="sm">
        {formatNumber(item.rows_total)}
      </Table.Td>
      <Table.Td ta="right" className="num" visibleFrom="sm">
        {item.size_bytes > 0 ? formatBytes(item.size_bytes) : '–'}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm">
        <Text size="xs" c="dimmed" className="num" style={{ whiteSpace: 'nowrap' }}>
          {formatAgo(item.created_at)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap" justify="flex-end">
          {item.state === 'completed' && (
            <ActionIcon component="a" href={fileUrl(item.id)} aria-label={t('download', { name })} variant="light">
              <IconDownload size={16} />
            </ActionIcon>
          )}
          {mayEdit && isWorking(item.state) && (
            <ActionIcon
              variant="subtle"
              aria-label={t('cancel', { name })}
              onClick={() => cancel.mutate(item.id, { onSuccess: () => toast(t('cancelled')), onError: toastError })}
            >
              <IconPlayerStop size={16} />
            </ActionIcon>
          )}
          {mayEdit && !isWorking(item.state) && (
            <ActionIcon
              variant="subtle"
              aria-label={t('delete', { name })}
              onClick={() => remove.mutate(item.id, { onSuccess: () => toast(t('deleted')), onError: toastError })}
            >
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function State({ state }: { state: ExportState }) {
  const { t } = useTranslation('exports');
  return (
    <Badge color={colors[state]} variant="light">
      {t(`states.${state}`)}
    </Badge>
  );
}

function Working({ item }: { item: Export }) {
  const { t } = useTranslation('exports');
  const share = item.rows_total > 0 ? (item.rows_done / item.rows_total) * 100 : 0;
  return (
    <Stack gap={4}>
      <Progress value={share} animated aria-label={t('states.running')} />
      <Text size="xs" c="dimmed" className="num">
        {t('progress', { done: formatNumber(item.rows_done), total: formatNumber(item.rows_total) })}
      </Text>
    </Stack>
  );
}
