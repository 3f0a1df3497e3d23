/** One score with its rules, and what changes them. */
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { ConditionNode } from '@/pickers/ConditionBuilder';
import { type Score, useScoreWrite } from '@/pickers/scores/api';

export type Rule = {
  id: number;
  condition: ConditionNode;
  points: number;
  lasts_days: number | null;
  is_ready: boolean;
  sentence: string;
  contact_count: number;
};
export type Bar = { low: number; high: number; count: number };
export type ScoreDetail = { score: Score; rules: Rule[]; bars: Bar[] };
export type RuleInput = { condition: ConditionNode; points: number; lasts_days: number | null };

export const scoreQuery = (id: number) =>
  queryOptions({
    queryKey: ['scores', 'one', id],
    queryFn: ({ signal }) => api.get<ScoreDetail>(`/scores/${id}`, { signal }),
    retry: false,
    refetchInterval: (query) => (query.state.data && !query.state.data.score.is_ready ? 1500 : false),
  });

export const useCreateScore = () =>
  useScoreWrite((body: { name: string; description: string }) => api.post<Score>('/scores', body));
export const useUpdateScore = (id: number) =>
  useScoreWrite((body: { name?: string; description?: string; is_active?: boolean }) =>
    api.patch<Score>(`/scores/${id}`, body),
  );
export const useDeleteScore = () => useScoreWrite((id: number) => api.delete(`/scores/${id}`));
export const useSaveRule = (scoreId: number) =>
  useScoreWrite(({ id, ...body }: RuleInput & { id: number | null }) =>
    id === null ? api.post<Rule>(`/scores/${scoreId}/rules`, body) : api.patch<Rule>(`/scores/rules/${id}`, body),
  );
export const useDeleteRule = () => useScoreWrite((id: number) => api.delete(`/scores/rules/${id}`));
