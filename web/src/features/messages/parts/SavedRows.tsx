/** Blocks kept under a name, in the palette: drag one to its place or press it. Snippets stay the same everywhere. */
import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { ActionIcon, Text } from '@mantine/core';
import { IconBookmark, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastError } from '@/ui/toast';
import type { Block } from '../blocks';
import { type SavedRow, savedRowsQuery, useDeleteRow } from '../library-api';
import classes from '../messages.module.css';
import type { Design } from '../use-design';

export const blocksOf = (row: SavedRow): Block[] =>
  row.is_synced ? [{ id: 'snippet', type: 'snippet', props: { snippet_id: row.id }, slots: [row.blocks] }] : row.blocks;

export function SavedRows({ design }: { design: Design }) {
  const { t } = useTranslation('messages');
  const { data } = useQuery(savedRowsQuery);
  const [doomed, setDoomed] = useState<SavedRow | null>(null);
  const remove = useDeleteRow();
  if (!data || data.items.length === 0) return null;
  return (
    <section aria-label={t('saved.title')}>
      <Text fw={600} size="sm" mt="md" mb={4}>
        {t('saved.title')}
      </Text>
      {data.items.map((row) => (
        <div key={row.id} className={classes.saved}>
          <Row row={row} onAdd={() => design.paste(blocksOf(row))} />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('saved.delete', { name: row.name })}
            onClick={() => setDoomed(row)}
          >
            <IconTrash size={14} />
          </ActionIcon>
        </div>
      ))}
      <ConfirmDialog
        opened={doomed !== null}
        title={t('saved.deleteTitle')}
        action={t('delete')}
        loading={remove.isPending}
        onClose={() => setDoomed(null)}
        onConfirm={() => doomed && remove.mutate(doomed.id, { onSuccess: () => setDoomed(null), onError: toastError })}
      >
        {t(doomed?.is_synced ? 'saved.deleteSynced' : 'saved.deleteText', { name: doomed?.name })}
      </ConfirmDialog>
    </section>
  );
}

function Row({ row, onAdd }: { row: SavedRow; onAdd: () => void }) {
  const { t } = useTranslation('messages');
  const ref = useRef<HTMLButtonElement>(null);
  const Icon = row.is_synced ? IconRefresh : IconBookmark;
  useEffect(() => {
    if (!ref.current) return;
    return draggable({ element: ref.current, getInitialData: () => ({ kind: 'saved', blocks: blocksOf(row) }) });
  }, [row]);
  return (
    <button ref={ref} type="button" className={classes.row} onClick={onAdd}>
      <Icon
        size={15}
        stroke={1.7}
        style={{ flex: 'none' }}
        aria-label={t(row.is_synced ? 'saved.synced' : 'saved.copied')}
      />
      <span>{row.name}</span>
    </button>
  );
}
