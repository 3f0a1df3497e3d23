/** The list of all contacts: saved views, filters, columns, selection and what can be done with many at once. */
import { Box } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatNumber } from '@/lib/format';
import { nameOf } from '@/pickers/api';
import type { ConditionNode } from '@/pickers/conditions/tree';
import { ExportDialog } from '@/pickers/export/ExportDialog';
import { DataTable } from '@/ui/DataTable';
import { ErrorView, LoadingRows } from '@/ui/States';
import { DEFAULT_COLUMNS, keepColumns, keptColumns } from '../column-ids';
import classes from '../contacts.module.css';
import list from '../list.module.css';
import { type View, viewsQuery } from '../list-api';
import { type ContactSearch, conditionOf, DEFAULT_SORT, filterOf, isFiltered, partsOf } from '../model';
import { AddContactDialog } from '../parts/AddContactDialog';
import { BulkBar } from '../parts/BulkBar';
import { ColumnsMenu } from '../parts/ColumnsMenu';
import { ConditionPanel } from '../parts/ConditionPanel';
import { contactColumns } from '../parts/columns';
import { Filters } from '../parts/Filters';
import { ListHeading, NoContacts } from '../parts/ListFrame';
import { ViewTabs } from '../parts/ViewTabs';
import { useContactRows, useKnown } from '../use-contact-rows';

const NOBODY: ReadonlySet<number> = new Set();

const EVERYONE: Record<string, unknown> = { match: 'all', conditions: [] };
const NO_VIEWS: View[] = [];
const sorts = ['name', 'email', 'created_at'];

/** The address on top of the saved view, on top of what this browser keeps. */
function useListState() {
  const search = useSearch({ from: '/_app/contacts' });
  const saved = useQuery(viewsQuery);
  const views = saved.data?.items ?? NO_VIEWS;
  const view = views.find((item) => item.id === search.view);
  const [kept, setKept] = useState(keptColumns);
  const filter = filterOf({ ...search, q: search.q ?? view?.search });
  const where = (search.where as ConditionNode | undefined) ?? view?.condition ?? undefined;
  const isByCondition = where !== undefined && partsOf(where) > 0;
  return {
    search,
    views,
    view,
    filter,
    where,
    condition: conditionOf(filter, where),
    isByCondition,
    hasViews: saved.isSuccess,
    isWaiting: search.view !== undefined && saved.isPending,
    sort: search.sort ?? view?.sort ?? DEFAULT_SORT,
    columns: search.columns ?? view?.columns ?? kept,
    keep: (columns: string[]) => {
      keepColumns(columns);
      setKept(columns);
    },
  };
}

export function ContactsPage() {
  const { t } = useTranslation('contacts');
  const navigate = useNavigate({ from: '/contacts' });
  const state = useListState();
  const { search, views, view, filter, where, condition, isByCondition, sort, columns } = state;
  const { query, pages, rows, total } = useContactRows(filter, isByCondition ? condition : null, condition, sort);
  const known = useKnown(columns, pages);
  const [selected, setSelected] = useState(NOBODY);
  const [isEveryone, setEveryone] = useState(false);
  const [isExporting, setExporting] = useState(false);
  const mayEdit = useMay('editor');

  const select = (ids: ReadonlySet<number>) => {
    setSelected(ids);
    setEveryone(false);
  };
  const change = (part: Partial<ContactSearch> & { add?: boolean }) => {
    if (!['add', 'sort', 'columns', 'panel'].some((name) => name in part)) select(NOBODY);
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  };
  const choose = (next: ContactSearch) => {
    select(NOBODY);
    void navigate({ search: (old) => ({ panel: old.panel, ...next }) });
  };
  const clear = () =>
    change({
      q: view?.search ? '' : undefined,
      tag: undefined,
      list: undefined,
      status: undefined,
      where: view ? EVERYONE : undefined,
    });
  const setColumns = (next: string[]) => (view ? change({ columns: next }) : state.keep(next));
  const isNarrowed = isFiltered(filter) || isByCondition;
  const isChanged = [search.where, search.sort, search.columns, search.tag, search.list, search.q].some(
    (part) => part !== undefined,
  );

  return (
    <Box className={classes.page}>
      <ListHeading onAdd={mayEdit ? () => change({ add: true }) : undefined} onExport={() => setExporting(true)} />
      <Box px="var(--app-gutter)">
        <ViewTabs
          search={search}
          views={views}
          current={{ columns, sort, search: filter.search ?? '', condition: conditionOf(filter, where) }}
          isChanged={isChanged}
          mayEdit={mayEdit && state.hasViews}
          onChoose={choose}
        />
        <Filters
          search={{ ...search, q: search.q ?? view?.search }}
          total={total}
          onChange={change}
          onClear={isNarrowed ? clear : undefined}
          conditionCount={where ? partsOf(where) : 0}
          columns={
            <ColumnsMenu
              columns={columns}
              fields={known.fields}
              onChange={setColumns}
              onReset={columns.join() === DEFAULT_COLUMNS.join() ? undefined : () => setColumns(DEFAULT_COLUMNS)}
            />
          }
        />
      </Box>

      <Box className={list.work}>
        <Box className={list.list}>
          {query.isError && rows.length === 0 ? (
            <div className="card">
              <ErrorView error={query.error} onRetry={() => void query.refetch()} />
            </div>
          ) : query.isPending || state.isWaiting ? (
            <div className="card">
              <LoadingRows count={10} />
            </div>
          ) : (
            <DataTable
              label={t('title')}
              columns={contactColumns(columns, { t, sorts, ...known })}
              rows={rows}
              total={total}
              sort={sort}
              onSort={(next) => change({ sort: next === (view?.sort ?? DEFAULT_SORT) ? undefined : next })}
              onOpen={(contact) => void navigate({ to: '/contacts/$id', params: { id: String(contact.id) } })}
              selection={mayEdit ? { ids: selected, onChange: select, name: (id) => nameById(rows, id) } : undefined}
              hasMore={query.hasNextPage}
              isLoadingMore={query.isFetchingNextPage}
              onMore={() => void query.fetchNextPage()}
              resetKey={JSON.stringify([filter, where, sort])}
              empty={<NoContacts isFiltered={isNarrowed} onClear={clear} onAdd={() => change({ add: true })} />}
            />
          )}
        </Box>
        {search.panel && (
          <ConditionPanel
            where={where}
            condition={condition}
            mayEdit={mayEdit}
            onChange={(next) => change({ where: next as Record<string, unknown> })}
            onClose={() => change({ panel: undefined })}
          />
        )}
      </Box>

      <BulkBar
        count={isEveryone ? (total ?? selected.size) : selected.size}
        total={total}
        target={
          !isEveryone
            ? { contact_ids: [...selected] }
            : isByCondition
              ? { condition, search: filter.search }
              : { filter }
        }
        onSelectAll={
          !isEveryone && query.hasNextPage && selected.size === rows.length ? () => setEveryone(true) : undefined
        }
        onClear={() => select(NOBODY)}
      />
      <ExportDialog
        opened={isExporting}
        onClose={() => setExporting(false)}
        selection={{ condition: condition ?? undefined, search: filter.search }}
        summary={total === null ? undefined : t('exporting', { count: total, number: formatNumber(total) })}
        name={view?.name}
      />
      <AddContactDialog opened={search.add === true} onClose={() => change({ add: undefined })} />
    </Box>
  );
}

function nameById(rows: Parameters<typeof nameOf>[0][], id: number): string {
  const row = rows.find((contact) => contact.id === id);
  return row ? nameOf(row) : String(id);
}
