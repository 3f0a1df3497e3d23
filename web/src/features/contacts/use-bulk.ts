/** One change for many contacts: those chosen, those the quick filters mean, or everyone who meets a condition. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { Contact } from '@/pickers/api';
import type { ConditionNode } from '@/pickers/conditions/tree';
import type { BulkInput, ContactFilter } from './api';

export type BulkTarget =
  | { contact_ids: number[] }
  | { filter: ContactFilter }
  | { condition: ConditionNode | null; search: string | undefined };
type Change = Omit<BulkInput, 'contact_ids' | 'filter'>;

const AT_ONCE = 500;

/** Everyone who meets the condition at this moment, so that a change cannot take people out of its own set. */
async function everyone(condition: ConditionNode | null, search: string): Promise<number[]> {
  const ids: number[] = [];
  let after: string | null = null;
  do {
    const page: Page<Contact> = await api.post<Page<Contact>>('/segments/contacts', {
      condition,
      search,
      sort: 'id',
      limit: AT_ONCE,
      after,
    });
    ids.push(...page.items.map((contact) => contact.id));
    after = page.next;
  } while (after);
  return ids;
}

export function useBulkOn(target: BulkTarget) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (change: Change) => {
      const who =
        'condition' in target ? { contact_ids: await everyone(target.condition, target.search ?? '') } : target;
      return api.post<{ changed: number }>('/contacts/bulk', { ...who, ...change });
    },
    onSuccess: () =>
      Promise.all(
        ['contacts', 'tags', 'lists', 'segments', 'dashboard'].map((name) =>
          client.invalidateQueries({ queryKey: [name] }),
        ),
      ),
  });
}
