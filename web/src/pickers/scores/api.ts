/** Scores and what a contact's points are made of. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';

export type Score = {
  id: number;
  name: string;
  description: string;
  is_active: boolean;
  rule_count: number;
  contact_count: number;
  average_points: number | null;
  is_ready: boolean;
};
export type ContactScore = { score_id: number; name: string; points: number; changed_at: string };
export type Award = {
  id: number;
  score_id: number;
  rule_id: number | null;
  points: number;
  sentence: string;
  reason: string;
  given_at: string;
  expires_at: string | null;
  over_at: string | null;
};

export const scoresQuery = queryOptions({
  queryKey: ['scores', 'all'],
  queryFn: ({ signal }) => api.get<Page<Score>>('/scores', { signal }),
  // Points are given behind a change: look until everyone has been looked at.
  refetchInterval: (query) => (query.state.data?.items.some((score) => !score.is_ready) ? 1500 : false),
});
export const contactScoresQuery = (contactId: number) =>
  queryOptions({
    queryKey: ['scores', 'of', contactId],
    queryFn: ({ signal }) => api.get<Page<ContactScore>>(`/contacts/${contactId}/scores`, { signal }),
  });
export const awardsQuery = (contactId: number, scoreId: number) =>
  infiniteQueryOptions({
    queryKey: ['scores', 'awards', contactId, scoreId],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Award>>(`/contacts/${contactId}/awards`, {
        signal,
        query: { score_id: scoreId, limit: 50, after: pageParam },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export function useScoreWrite<Input, Output>(write: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['scores'] }),
        client.invalidateQueries({ queryKey: ['contacts', 'timeline'] }),
      ]),
  });
}

export const useAdjustScore = (contactId: number) =>
  useScoreWrite(({ scoreId, points, reason }: { scoreId: number; points: number; reason: string }) =>
    api.post(`/scores/${scoreId}/adjust`, { contact_ids: [contactId], points, reason }),
  );
