/** Segments: saved sets of contacts. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { ConditionNode } from '@/pickers/ConditionBuilder';

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
export const useDeleteSegment = () => useWrite((id: number) => api.delete(`/segments/${id}`));
