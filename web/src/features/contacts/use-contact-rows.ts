/** The rows of the list: by the quick filters alone where they suffice, else by a condition. */
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Page } from '@/api/client';
import { type Contact, contactsOfConditionQuery, countQuery, fieldsQuery, ownersQuery } from '@/pickers/api';
import type { ConditionNode } from '@/pickers/conditions/tree';
import { type ContactFilter, contactListQuery } from './api';
import { isEngagement } from './column-ids';
import { type Engagement, engagementQuery } from './list-api';
import type { Known, Row } from './parts/columns';

type Pages = { pages: Page<Contact>[] };
const NO_PAGES: Page<Contact>[] = [];

/** `meant` is the same set as a condition, for counting where the list itself does not say how many there are. */
export function useContactRows(
  filter: ContactFilter,
  condition: ConditionNode | null,
  meant: ConditionNode | null,
  sort: string,
) {
  const byFilter = useInfiniteQuery({ ...contactListQuery(filter, sort), enabled: condition === null });
  const byCondition = useInfiniteQuery({
    ...contactsOfConditionQuery(condition ?? { match: 'all', conditions: [] }, filter.search ?? '', sort),
    enabled: condition !== null,
  });
  const query = condition === null ? byFilter : byCondition;
  const pages = (query.data as Pages | undefined)?.pages ?? NO_PAGES;
  const rows = useMemo(() => pages.flatMap((page) => page.items as Row[]), [pages]);
  const first = pages[0]?.total ?? null;
  const isWhole = pages.length > 0 && !query.hasNextPage;
  const counted = useQuery({
    ...countQuery(JSON.stringify(meant)),
    enabled: meant !== null && pages.length > 0 && first === null && !filter.search && !isWhole,
  });
  const total = first ?? (isWhole ? rows.length : meant && !filter.search ? (counted.data?.count ?? null) : null);
  return { query, pages, rows, total };
}

/** What the chosen columns need beyond the rows; nothing is asked for that is not shown. */
export function useKnown(
  columns: string[],
  pages: Page<Contact>[],
): Pick<Known, 'fields' | 'ownerName' | 'engagement'> {
  const fields = useQuery(fieldsQuery).data?.items ?? [];
  const owners = useQuery({ ...ownersQuery, enabled: columns.includes('owner') }).data?.items ?? [];
  const isAsked = columns.some(isEngagement);
  const found = useQueries({
    queries: isAsked ? pages.map((page) => engagementQuery(page.items.map((item) => item.id))) : [],
    combine: (answers) => answers.map((answer) => answer.data),
  });
  return {
    fields,
    ownerName: (id) => owners.find((item) => item.id === id)?.name ?? null,
    engagement: (id): Engagement | undefined => {
      for (const page of found) if (page?.has(id)) return page.get(id);
    },
  };
}
