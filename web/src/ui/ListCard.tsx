/** A short list in a card: what is loading, failed or empty included. For long ones there is DataTable. */
import { Card, Table } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Fragment, type ReactNode } from 'react';
import type { Page } from '@/api/client';
import { ErrorView, LoadingRows } from './States';

export type ListColumn<T> = {
  label: string;
  cell: (item: T) => ReactNode;
  /** Figures and times stand at the right. */
  isFigure?: boolean;
  /** Left out on a phone. */
  isWide?: boolean;
  /** The heading is only for those who hear it. */
  isUnnamed?: boolean;
};

type Props<T> = {
  label: string;
  query: UseQueryResult<Page<T>>;
  columns: ListColumn<T>[];
  empty: ReactNode;
  /** What is shown under an item, if anything. */
  below?: (item: T) => ReactNode;
};

export function ListCard<T extends { id: number }>({ label, query, columns, empty, below }: Props<T>) {
  const look = (column: ListColumn<T>) => ({
    ta: column.isFigure ? ('right' as const) : undefined,
    className: column.isFigure ? 'num' : undefined,
    visibleFrom: column.isWide ? 'sm' : undefined,
    w: column.isUnnamed ? 48 : undefined,
  });
  if (query.isPending || query.isError || query.data.items.length === 0) {
    return (
      <Card padding={0}>
        {query.isPending ? (
          <LoadingRows count={6} />
        ) : query.isError ? (
          <ErrorView error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          empty
        )}
      </Card>
    );
  }
  return (
    <Card padding={0} style={{ overflowX: 'auto' }}>
      <Table horizontalSpacing="md" verticalSpacing={10} highlightOnHover aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.label} {...look(column)} aria-label={column.isUnnamed ? column.label : undefined}>
                {!column.isUnnamed && column.label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {query.data.items.map((item) => {
            const more = below?.(item);
            return (
              <Fragment key={item.id}>
                <Table.Tr>
                  {columns.map((column) => (
                    <Table.Td key={column.label} {...look(column)}>
                      {column.cell(item)}
                    </Table.Td>
                  ))}
                </Table.Tr>
                {more && (
                  <Table.Tr>
                    <Table.Td colSpan={columns.length} bg="var(--app-surface-2)">
                      {more}
                    </Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            );
          })}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

/** The name of a thing as the link to it. */
export const listName = { size: 'sm', fw: 550, c: 'var(--mantine-color-text)' } as const;
