/** Deleted contacts: restore them, or erase them before their time. */
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle, IconRestore, IconSearch, IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatDate, formatNumber } from '@/lib/format';
import { nameOf } from '@/pickers/api';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { type Column, DataTable } from '@/ui/DataTable';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { type Restored, type Trashed, trashQuery, useErase, useRestore } from '../api';
import { CleanUpPage } from '../parts/CleanUpPage';

export function TrashPage() {
  const { t } = useTranslation('privacy');
  const [search, setSearch] = useState('');
  const [typed] = useDebouncedValue(search.trim(), 250);
  const query = useInfiniteQuery(trashQuery(typed));
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [asked, setAsked] = useState<'selected' | 'all' | null>(null);
  const [conflicts, setConflicts] = useState<Restored['conflicts']>([]);
  const restore = useRestore();
  const erase = useErase();
  const mayEdit = useMay('editor');
  const mayErase = useMay('admin');
  const columns = useColumns();
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const total = query.data?.pages[0]?.total ?? 0;
  const ids = [...selected];

  const bringBack = () =>
    restore.mutate(ids, {
      onSuccess: (answer) => {
        setConflicts(answer.conflicts);
        setSelected(new Set(answer.conflicts.map((conflict) => conflict.contact_id)));
        const count = answer.restored.length;
        if (count > 0) toast(t('trash.restored', { count, number: formatNumber(count) }));
      },
      onError: toastError,
    });
  const eraseThem = () =>
    erase.mutate(asked === 'all' ? null : ids, {
      onSuccess: ({ erased }) => {
        toast(t('trash.erasing', { count: erased, number: formatNumber(erased) }));
        setSelected(new Set());
        setAsked(null);
      },
      onError: toastError,
    });
  const count = asked === 'all' ? total : ids.length;

  return (
    <CleanUpPage
      kind="trash"
      actions={
        mayErase &&
        rows.length > 0 && (
          <Button variant="default" leftSection={<IconTrash size={16} />} onClick={() => setAsked('all')}>
            {t('trash.empty')}
          </Button>
        )
      }
    >
      <Stack gap="sm">
        {conflicts.length > 0 && (
          <Alert
            color="orange"
            icon={<IconAlertTriangle size={18} />}
            title={t('trash.conflictsTitle')}
            withCloseButton
            closeButtonLabel={t('close')}
            onClose={() => setConflicts([])}
          >
            {conflicts.slice(0, 10).map((conflict) => (
              <Text size="sm" key={conflict.contact_id}>
                {conflict.detail}
              </Text>
            ))}
          </Alert>
        )}
        <Group gap="xs">
          <TextInput
            w={{ base: '100%', xs: 260 }}
            placeholder={t('trash.search')}
            aria-label={t('trash.search')}
            leftSection={<IconSearch size={15} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          {mayEdit && selected.size > 0 && (
            <>
              <Text size="sm" fw={550} aria-live="polite">
                {t('trash.selected', { count: selected.size, number: formatNumber(selected.size) })}
              </Text>
              <Button leftSection={<IconRestore size={16} />} loading={restore.isPending} onClick={bringBack}>
                {t('trash.restore')}
              </Button>
              {mayErase && (
                <Button variant="default" onClick={() => setAsked('selected')}>
                  {t('trash.erase')}
                </Button>
              )}
            </>
          )}
        </Group>
        {query.isPending ? (
          <LoadingRows count={6} />
        ) : query.isError ? (
          <ErrorView error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <DataTable
            label={t('trash.label')}
            columns={columns}
            rows={rows}
            total={total}
            selection={mayEdit ? { ids: selected, onChange: setSelected, name: (id) => nameFor(rows, id) } : undefined}
            hasMore={query.hasNextPage}
            isLoadingMore={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
            resetKey={typed}
            empty={
              <EmptyView
                icon={<IconTrash size={26} stroke={1.6} />}
                title={typed ? t('trash.nothingFound') : t('trash.emptyTitle')}
                description={typed ? undefined : t('trash.emptyText')}
              />
            }
          />
        )}
      </Stack>
      <ConfirmDialog
        opened={asked !== null}
        title={t('trash.eraseTitle', { count, number: formatNumber(count) })}
        action={t('trash.erase')}
        loading={erase.isPending}
        onConfirm={eraseThem}
        onClose={() => setAsked(null)}
      >
        {t('trash.eraseText')}
      </ConfirmDialog>
    </CleanUpPage>
  );
}

const nameFor = (rows: Trashed[], id: number) => {
  const row = rows.find((item) => item.id === id);
  return row ? nameOf(row) : String(id);
};

function useColumns(): Column<Trashed>[] {
  const { t } = useTranslation('privacy');
  const had = (row: Trashed) =>
    [
      row.tag_count > 0 && t('trash.tags', { count: row.tag_count }),
      row.list_count > 0 && t('trash.lists', { count: row.list_count }),
    ]
      .filter(Boolean)
      .join(', ') || t('trash.nothing');
  return [
    {
      id: 'contact',
      header: t('trash.contact'),
      width: 'minmax(150px, 2fr)',
      cell: (row) => (
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={550} truncate>
            {nameOf(row)}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {row.email ?? t('noEmail')}
          </Text>
        </div>
      ),
    },
    { id: 'had', header: t('trash.had'), width: 'minmax(120px, 1fr)', wide: true, cell: had },
    {
      id: 'deleted',
      header: t('trash.deleted'),
      width: '120px',
      wide: true,
      cell: (row) => formatDate(row.deleted_at),
    },
    { id: 'erased', header: t('trash.erased'), width: '110px', cell: (row) => formatDate(row.erase_at) },
  ];
}
