/** Rules by which duplicates are merged without asking, and what was merged. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { Pair } from './api';

export type MergeRules = { merges_same_mailbox: boolean; merges_same_phone: boolean };
export type Merge = {
  id: number;
  contact_id: number;
  old_id: number;
  old_email: string | null;
  old_name: string;
  is_automatic: boolean;
  created_at: string;
  undone_at: string | null;
};

export const rulesQuery = queryOptions({
  queryKey: ['duplicates', 'rules'],
  queryFn: ({ signal }) => api.get<MergeRules>('/duplicates/rules', { signal }),
});

/** Whom the rules would merge now. */
export const previewQuery = (rules: MergeRules) =>
  queryOptions({
    queryKey: ['duplicates', 'preview', rules],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams(Object.entries(rules).map(([name, value]) => [name, String(value)]));
      return api.get<Page<Pair>>(`/duplicates/rules/preview?${query}&limit=5`, { signal });
    },
  });

export const mergesQuery = queryOptions({
  queryKey: ['duplicates', 'merges'],
  queryFn: ({ signal }) => api.get<Page<Merge>>('/merges?limit=20', { signal }),
});

function useWrite<Input, Output>(write: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: () =>
      Promise.all(
        [['duplicates'], ['contacts'], ['tags'], ['lists']].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  });
}

export const useSetRules = () => useWrite((rules: MergeRules) => api.put<MergeRules>('/duplicates/rules', rules));
export const useUndoMerge = () => useWrite((id: number) => api.post(`/merges/${id}/undo`, {}));
