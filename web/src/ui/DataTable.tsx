/**
 * The list of the product: rows are drawn only where they are seen, more are asked for near the end, and the server
 * sorts. A row opens with a click or Enter; arrow keys move between rows; a checkbox column appears with `selection`.
 */
import { Checkbox, Loader } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './data-table.module.css';

export type Column<T> = {
  id: string;
  header: string;
  /** A CSS grid track, such as "minmax(160px, 1fr)". */
  width: string;
  cell: (row: T) => ReactNode;
  /** The name the server sorts by. */
  sort?: string;
  /** Left out on phones. */
  wide?: boolean;
  align?: 'right';
  /** Stays in sight while the others scroll sideways; only for the first column. */
  isPinned?: boolean;
};

export type Selection = {
  ids: ReadonlySet<number>;
  onChange: (ids: ReadonlySet<number>) => void;
  name: (id: number) => string;
};

type Props<T extends { id: number }> = {
  label: string;
  columns: Column<T>[];
  rows: T[];
  total?: number | null;
  rowHeight?: number;
  onOpen?: (row: T) => void;
  selection?: Selection;
  /** "-name" sorts downwards by name. */
  sort?: string;
  onSort?: (sort: string) => void;
  hasMore?: boolean;
  isLoadingMore?: boolean;
  onMore?: () => void;
  /** When this changes the list goes back to its top. */
  resetKey?: string;
  empty?: ReactNode;
};

export function DataTable<T extends { id: number }>(props: Props<T>) {
  const { label, columns, rows, rowHeight = 53, selection, hasMore, isLoadingMore, onMore, onOpen, empty } = props;
  const { t } = useTranslation('ui');
  const isPhone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const shown = isPhone ? columns.filter((column) => !column.wide) : columns;
  const tracks = [...(selection ? ['22px'] : []), ...shown.map((column) => column.width)].join(' ');
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  // A narrower list must start at its top, not at the old offset.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the filter changes
  useEffect(() => {
    if (scroll.current) scroll.current.scrollTop = 0;
  }, [props.resetKey]);
  useEffect(() => {
    if (hasMore && !isLoadingMore && rows.length > 0 && last >= rows.length - 15) onMore?.();
  }, [hasMore, isLoadingMore, last, rows.length, onMore]);

  const move = (event: KeyboardEvent<HTMLDivElement>, row: T) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter') onOpen?.(row);
    const next = event.key === 'ArrowDown' ? 'nextElementSibling' : 'previousElementSibling';
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    (event.currentTarget[next] as HTMLElement | null)?.focus();
  };

  return (
    <div className={`card ${classes.table}`} ref={scroll} style={{ '--tracks': tracks, '--row': `${rowHeight}px` }}>
      <div role="table" aria-label={label} aria-rowcount={(props.total ?? rows.length) + 1} className={classes.grid}>
        <Head {...props} shown={shown} />
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const isOn = selection?.ids.has(row.id) ?? false;
            return (
              <div
                role="row"
                key={row.id}
                aria-rowindex={item.index + 2}
                className={classes.row}
                data-body
                data-opens={onOpen ? true : undefined}
                data-selected={isOn || undefined}
                style={{ transform: `translateY(${item.start}px)` }}
                onClick={onOpen ? () => onOpen(row) : undefined}
                onKeyDown={(event) => move(event, row)}
                tabIndex={onOpen ? 0 : undefined}
              >
                {selection && (
                  <div role="cell" data-pinned={shown[0]?.isPinned || undefined}>
                    <Checkbox
                      size="xs"
                      aria-label={t('selectRow', { name: selection.name(row.id) })}
                      checked={isOn}
                      onClick={(event) => event.stopPropagation()}
                      onChange={() => selection.onChange(toggled(selection.ids, row.id))}
                    />
                  </div>
                )}
                {shown.map((column) => (
                  <div
                    role="cell"
                    key={column.id}
                    data-align={column.align}
                    data-pinned={column.isPinned ? (selection ? 'second' : true) : undefined}
                  >
                    {column.cell(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {isLoadingMore && (
        <div className={classes.more} role="status">
          <Loader size="xs" color="gray" aria-hidden /> {t('loadingMore')}
        </div>
      )}
      {rows.length === 0 && empty}
    </div>
  );
}

function Head<T extends { id: number }>(props: Props<T> & { shown: Column<T>[] }) {
  const { shown, rows, selection, sort, onSort } = props;
  const { t } = useTranslation('ui');
  const isAll = rows.length > 0 && rows.every((row) => selection?.ids.has(row.id));
  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" className={classes.row} aria-rowindex={1}>
        {selection && (
          <div role="columnheader" data-pinned={shown[0]?.isPinned || undefined}>
            <Checkbox
              size="xs"
              aria-label={t('selectAll')}
              checked={isAll}
              indeterminate={!isAll && selection.ids.size > 0}
              onChange={() => selection.onChange(isAll ? new Set() : new Set(rows.map((row) => row.id)))}
            />
          </div>
        )}
        {shown.map((column) => {
          const direction = sort === column.sort ? 'ascending' : sort === `-${column.sort}` ? 'descending' : undefined;
          const isSorted = column.sort !== undefined && direction;
          return (
            <div
              role="columnheader"
              key={column.id}
              data-align={column.align}
              data-pinned={column.isPinned ? (selection ? 'second' : true) : undefined}
              aria-sort={isSorted || undefined}
            >
              {column.sort && onSort ? (
                <button
                  type="button"
                  className={classes.sort}
                  data-direction={isSorted || undefined}
                  onClick={() => onSort(direction === 'ascending' ? `-${column.sort}` : (column.sort ?? ''))}
                >
                  {column.header}
                </button>
              ) : (
                column.header
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function toggled(ids: ReadonlySet<number>, id: number): ReadonlySet<number> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}
