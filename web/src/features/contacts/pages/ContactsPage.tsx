/** The list of all contacts: search, filters, selection and what can be done with many at once. */
import { Box, Button, Group, Tabs, Text, Title } from '@mantine/core';
import { IconPlus, IconUpload, IconUserPlus, IconUserSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { nameOf } from '@/pickers/api';
import { DataTable } from '@/ui/DataTable';
import { LinkButton } from '@/ui/links';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { contactListQuery } from '../api';
import classes from '../contacts.module.css';
import { type ContactSearch, DEFAULT_SORT, filterOf, isFiltered, statuses } from '../model';
import { AddContactDialog } from '../parts/AddContactDialog';
import { BulkBar } from '../parts/BulkBar';
import { contactColumns } from '../parts/columns';
import { Filters } from '../parts/Filters';

const NOBODY: ReadonlySet<number> = new Set();

export function ContactsPage() {
  const { t } = useTranslation('contacts');
  const search = useSearch({ from: '/_app/contacts' });
  const navigate = useNavigate({ from: '/contacts' });
  const filter = filterOf(search);
  const sort = search.sort ?? DEFAULT_SORT;
  const query = useInfiniteQuery(contactListQuery(filter, sort));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const total = query.data?.pages[0]?.total ?? null;
  const columns = useMemo(() => contactColumns(t), [t]);
  const [selected, setSelected] = useState(NOBODY);
  const [isEveryone, setEveryone] = useState(false);
  const mayEdit = useMay('editor');

  const select = (ids: ReadonlySet<number>) => {
    setSelected(ids);
    setEveryone(false);
  };
  const change = (part: Partial<ContactSearch> & { add?: boolean }) => {
    if (!('add' in part) && !('sort' in part)) select(NOBODY);
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  };
  const clear = () => change({ q: undefined, tag: undefined, list: undefined, status: undefined });
  const count = isEveryone ? (total ?? selected.size) : selected.size;

  return (
    <Box className={classes.page}>
      <Group justify="space-between" align="flex-end" px="var(--app-gutter)" pt={24} pb={10} gap="sm">
        <Box>
          <Title order={1}>{t('title')}</Title>
          <Text c="dimmed">{t('subtitle')}</Text>
        </Box>
        {mayEdit && (
          <Group gap="xs">
            <LinkButton variant="default" to="/imports/new" leftSection={<IconUpload size={16} />}>
              {t('import')}
            </LinkButton>
            <Button leftSection={<IconPlus size={16} />} onClick={() => change({ add: true })}>
              {t('add.button')}
            </Button>
          </Group>
        )}
      </Group>

      <Box px="var(--app-gutter)">
        <Tabs
          value={search.status ?? 'all'}
          onChange={(value) => change({ status: statuses.find((status) => status === value) })}
        >
          <Tabs.List className={classes.tabs} aria-label={t('filter.status')}>
            <Tabs.Tab value="all">{t('filter.all')}</Tabs.Tab>
            {statuses.map((status) => (
              <Tabs.Tab key={status} value={status}>
                {t(`status.${status}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
        <Filters search={search} total={total} onChange={change} onClear={isFiltered(filter) ? clear : undefined} />
      </Box>

      <Box px="var(--app-gutter)" pb={20} className={classes.fill}>
        {query.isError && rows.length === 0 ? (
          <div className="card">
            <ErrorView error={query.error} onRetry={() => void query.refetch()} />
          </div>
        ) : query.isPending ? (
          <div className="card">
            <LoadingRows count={10} />
          </div>
        ) : (
          <DataTable
            label={t('title')}
            columns={columns}
            rows={rows}
            total={total}
            sort={sort}
            onSort={(next) => change({ sort: next === DEFAULT_SORT ? undefined : next })}
            onOpen={(contact) => void navigate({ to: '/contacts/$id', params: { id: String(contact.id) } })}
            selection={mayEdit ? { ids: selected, onChange: select, name: (id) => nameById(rows, id) } : undefined}
            hasMore={query.hasNextPage}
            isLoadingMore={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
            resetKey={JSON.stringify([filter, sort])}
            empty={<NoContacts isFiltered={isFiltered(filter)} onClear={clear} onAdd={() => change({ add: true })} />}
          />
        )}
      </Box>

      <BulkBar
        count={count}
        total={total}
        target={isEveryone ? { filter } : { contact_ids: [...selected] }}
        onSelectAll={
          !isEveryone && query.hasNextPage && selected.size === rows.length ? () => setEveryone(true) : undefined
        }
        onClear={() => select(NOBODY)}
      />
      <AddContactDialog opened={search.add === true} onClose={() => change({ add: undefined })} />
    </Box>
  );
}

function nameById(rows: Parameters<typeof nameOf>[0][], id: number): string {
  const row = rows.find((contact) => contact.id === id);
  return row ? nameOf(row) : String(id);
}

type NoContactsProps = { isFiltered: boolean; onClear: () => void; onAdd: () => void };

function NoContacts({ isFiltered: isNarrowed, onClear, onAdd }: NoContactsProps) {
  const { t } = useTranslation('contacts');
  return isNarrowed ? (
    <EmptyView
      icon={<IconUserSearch size={26} stroke={1.6} />}
      title={t('none.title')}
      description={t('none.text')}
      actions={
        <Button variant="default" onClick={onClear}>
          {t('filter.clear')}
        </Button>
      }
    />
  ) : (
    <EmptyView
      icon={<IconUserPlus size={26} stroke={1.6} />}
      title={t('empty.title')}
      description={t('empty.text')}
      actions={
        <>
          <LinkButton to="/imports/new" leftSection={<IconUpload size={16} />}>
            {t('empty.import')}
          </LinkButton>
          <Button variant="default" onClick={onAdd}>
            {t('add.button')}
          </Button>
        </>
      }
    />
  );
}
