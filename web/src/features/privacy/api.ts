/** The trash, duplicates and merging. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { Contact } from '@/pickers/api';

export type Someone = {
  id: number;
  email: string | null;
  first_name: string;
  last_name: string;
  phone: string;
  created_at: string;
};
export type Trashed = Omit<Someone, 'created_at'> & {
  deleted_at: string;
  erase_at: string;
  tag_count: number;
  list_count: number;
};
export type Reason = 'email' | 'phone' | 'name_and_company' | 'name_and_field';
export type Pair = { score: number; reasons: Reason[]; contact: Someone; other: Someone };
export type Scan = {
  is_running: boolean;
  compared_count: number;
  finished_at: string | null;
  field_ids: number[] | null;
};
export type Restored = { restored: number[]; conflicts: { contact_id: number; code: string; detail: string }[] };
export type MergeInput = { keep: number; contact_ids: number[]; values: Record<string, number> };

export const trashQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['trash', search],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Trashed>>('/trash', { signal, query: { search, limit: 100, after: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const pairsQuery = infiniteQueryOptions({
  queryKey: ['duplicates', 'pairs'],
  queryFn: ({ pageParam, signal }) =>
    api.get<Page<Pair>>('/duplicates', { signal, query: { limit: 50, after: pageParam } }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});

export const scanQuery = queryOptions({
  queryKey: ['duplicates', 'scan'],
  queryFn: ({ signal }) => api.get<Scan>('/duplicates/scan', { signal }),
  refetchInterval: ({ state }) => (state.data?.is_running ? 1000 : false),
});

export const personQuery = (id: number) =>
  queryOptions({
    queryKey: ['contacts', 'one', id],
    queryFn: ({ signal }) => api.get<Contact>(`/contacts/${id}`, { signal }),
  });

/** Everything that counts or shows contacts. */
function useWrite<Input, Output>(write: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: () =>
      Promise.all(
        [['trash'], ['duplicates'], ['contacts'], ['tags'], ['lists'], ['dashboard']].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  });
}

export const useRestore = () =>
  useWrite((contact_ids: number[]) => api.post<Restored>('/trash/restore', { contact_ids }));

export const useErase = () =>
  useWrite((contact_ids: number[] | null) =>
    api.post<{ erased: number }>('/trash/erase', contact_ids ? { contact_ids } : { all: true }),
  );

export const useDismiss = () =>
  useWrite((pair: { contact_id: number; other_id: number; is_dismissed: boolean }) =>
    api.post('/duplicates/dismiss', pair),
  );

export const useScan = () =>
  useWrite((body: { field_ids?: number[] | null }) => api.post<Scan>('/duplicates/scan', body));

export const useMerge = () =>
  useWrite(({ keep, ...body }: MergeInput) => api.post<Contact>(`/contacts/${keep}/merge`, body));
