/** Segments: saved sets of contacts. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { Sample } from '@/pickers/api';
import type { ConditionNode } from '@/pickers/ConditionBuilder';
import type { Explained } from '@/pickers/conditions/WhyTree';

export type Segment = {
  id: number;
  name: string;
  condition: ConditionNode;
  created_at: string;
  updated_at: string;
  state: 'building' | 'current' | 'broken';
  /** As of `evaluated_at`; exact while the state is current. */
  count: number;
  evaluated_at: string | null;
  /** Of building, from 0 to 1. */
  progress: number;
  error: string | null;
};
export type SegmentInput = { name: string; condition: ConditionNode };

export const segmentsQuery = (search: string) =>
  queryOptions({
    queryKey: ['segments', 'list', search],
    queryFn: ({ signal }) => api.get<Page<Segment>>('/segments', { signal, query: { search, limit: 200 } }),
    refetchInterval: ({ state }) => (state.data?.items.some((item) => item.state === 'building') ? 1500 : false),
  });

export const segmentQuery = (id: number) =>
  queryOptions({
    queryKey: ['segments', 'one', id],
    queryFn: ({ signal }) => api.get<Segment>(`/segments/${id}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'building' ? 1500 : false),
  });

export type Usage = { kind: string; id: number; name: string; is_live: boolean };

export const usesQuery = (id: number) =>
  queryOptions({
    queryKey: ['segments', 'uses', id],
    queryFn: ({ signal }) => api.get<{ items: Usage[] }>(`/uses/segment/${id}`, { signal }),
  });

export type Movement = Omit<Sample, 'id'> & { id: number; at: string; event: 'entered' | 'left'; contact_id: number };

export const historyQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['segments', 'history', id],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Movement>>(`/segments/${id}/history`, { signal, query: { limit: 50, after: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export type Explanation = {
  contact_id: number;
  holds: boolean;
  tree: Explained;
  /** When time alone may next change the answer. */
  changes_at: string | null;
};

export const explainQuery = (condition: ConditionNode, contactId: number | null) =>
  queryOptions({
    queryKey: ['segments', 'explain', condition, contactId],
    queryFn: ({ signal }) =>
      api.post<Explanation>('/segments/explain', { condition, contact_id: contactId }, { signal }),
    enabled: contactId !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });

function useWrite<Input, Output>(write: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: () => client.invalidateQueries({ queryKey: ['segments'] }),
  });
}

export const useCreateSegment = () => useWrite((body: SegmentInput) => api.post<Segment>('/segments', body));
export const useUpdateSegment = (id: number) =>
  useWrite((body: SegmentInput) => api.patch<Segment>(`/segments/${id}`, body));
/** Not waited for: the page of what is gone is left before it is asked for again. */
export function useDeleteSegment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete(`/segments/${id}`),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['segments'] });
    },
  });
}
