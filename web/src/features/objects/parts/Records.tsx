/** The records of a schema as a table, searched by the server. */
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconCube, IconPlus, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatDate } from '@/lib/format';
import { type ObjectRecord, recordTitle, type Schema, showFieldValue, titleField } from '@/pickers/records/api';
import { RecordDialog } from '@/pickers/records/RecordDialog';
import { type Column, DataTable } from '@/ui/DataTable';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { recordListQuery } from '../api';

const SHOWN = 4;

export function Records({ schema }: { schema: Schema }) {
  const { t } = useTranslation('objects');
  const navigate = useNavigate();
  const [search, setSearch] = useState('');
  const later = useDebouncedCallback(setSearch, 200);
  const query = useInfiniteQuery(recordListQuery(schema.id, search));
  const [isAdding, setAdding] = useState(false);
  const mayEdit = useMay('editor');
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const open = (record: ObjectRecord) =>
    void navigate({
      to: '/objects/$id/records/$record',
      params: { id: String(schema.id), record: String(record.id) },
    });
  const add = mayEdit && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t('records.add', { name: schema.singular })}
    </Button>
  );
  if (query.isPending) return <LoadingRows count={8} />;
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <Group justify="space-between" mb="sm">
        <TextInput
          w={{ base: '100%', xs: 280 }}
          placeholder={t('records.search')}
          aria-label={t('records.search')}
          leftSection={<IconSearch size={15} />}
          onChange={(event) => later(event.currentTarget.value.trim())}
        />
        {add}
      </Group>
      <DataTable
        label={schema.plural}
        columns={columnsOf(schema, { title: schema.singular, updated: t('records.updated') })}
        rows={rows}
        total={query.data.pages[0]?.total ?? null}
        onOpen={open}
        hasMore={query.hasNextPage}
        isLoadingMore={query.isFetchingNextPage}
        onMore={() => void query.fetchNextPage()}
        resetKey={search}
        empty={
          <EmptyView
            icon={<IconCube size={26} stroke={1.6} />}
            title={t(search ? 'records.nothing' : 'records.none')}
            description={search ? undefined : t('records.noneText')}
          />
        }
      />
      <RecordDialog schema={isAdding ? schema : null} onClose={() => setAdding(false)} onSaved={open} />
    </>
  );
}

function columnsOf(schema: Schema, words: { title: string; updated: string }): Column<ObjectRecord>[] {
  const named = titleField(schema);
  const others = schema.fields.filter((field) => field !== named).slice(0, SHOWN);
  return [
    {
      id: 'title',
      header: named?.name ?? words.title,
      width: 'minmax(160px, 1.4fr)',
      cell: (record) => (
        <Text size="sm" fw={600} truncate>
          {recordTitle(record, schema)}
        </Text>
      ),
    },
    ...others.map(
      (field): Column<ObjectRecord> => ({
        id: field.id,
        header: field.name,
        width: 'minmax(100px, 1fr)',
        wide: true,
        cell: (record) => (
          <Text size="sm" truncate>
            {showFieldValue(record.fields[field.id]) || '–'}
          </Text>
        ),
      }),
    ),
    {
      id: 'updated_at',
      header: words.updated,
      width: '120px',
      cell: (record) => <span className="num">{formatDate(record.updated_at)}</span>,
    },
  ];
}
