/** Automations: the list, one with its document, its live counts, and who stands where. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';

export type Step = {
  id: string;
  type: string;
  params: Record<string, unknown>;
  arms?: Record<string, Step[]>;
  /** For whoever edits it. */
  note?: string;
};
export type Trigger = {
  id: string;
  type: string;
  params: Record<string, unknown>;
  runs: 'once' | 'multiple';
  condition?: unknown;
};
export type SendWindow = { from_time: string; to_time: string; weekdays: string[]; time_zone?: string };
/** What is left out is as usual. */
export type Settings = {
  entries?: 'as_triggers_say' | 'once';
  while_inside?: 'ignore' | 'restart';
  entry_condition?: unknown;
  suppression_condition?: unknown;
  exit_condition?: unknown;
  daily_entries?: number;
  most_inside?: number | null;
  most_entries_a_day?: number | null;
  holdout_percent?: number;
  send_window?: SendWindow | null;
};
export type AutomationDocument = { version: 1; settings?: Settings; triggers: Trigger[]; steps: Step[] };
export type Status = 'draft' | 'active' | 'paused';
export type Automation = {
  id: number;
  name: string;
  status: Status;
  document: AutomationDocument;
  revision: number;
  has_changes: boolean;
  paused_at: string | null;
  entered: number;
  active: number;
  completed: number;
  parked: number;
  updated_at: string;
};
/** What becomes of timers that ran out during a pause, and of those who would have entered. */
export type Resumption = {
  overdue: 'at_once' | 'stop' | 'spread';
  spread_hours: number;
  events: 'drop' | 'enter';
};
export type Problem = { step_id: string | null; message: string; field: string | null; code: string };
export type Counts = {
  entered: number;
  active: number;
  completed: number;
  parked: number;
  steps: Record<string, { here: number; passed: number; parked: number; exited: number }>;
};
export type Enrollment = {
  id: number;
  contact_id: number;
  email: string | null;
  first_name: string;
  last_name: string;
  step_id: string;
  state: string;
  due_at: string | null;
  entered_at: string;
  error: string | null;
};

export const automationsQuery = (search: string, status?: Status) =>
  queryOptions({
    queryKey: ['automations', 'list', search, status ?? null],
    queryFn: ({ signal }) =>
      api.get<Page<Automation>>('/automations', { signal, query: { search, status, limit: 200 } }),
  });
export const automationQuery = (id: number) =>
  queryOptions({
    queryKey: ['automations', 'one', id],
    queryFn: ({ signal }) => api.get<Automation>(`/automations/${id}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const countsQuery = (id: number) =>
  queryOptions({
    queryKey: ['automations', 'counts', id],
    queryFn: ({ signal }) => api.get<Counts>(`/automations/${id}/counts`, { signal }),
    refetchInterval: 5000,
  });
export const problemsQuery = (id: number, revision: number) =>
  queryOptions({
    queryKey: ['automations', 'problems', id, revision],
    queryFn: () => api.post<{ problems: Problem[] }>(`/automations/${id}/validate`),
  });
export const standingQuery = (id: number, stepId: string) =>
  infiniteQueryOptions({
    queryKey: ['automations', 'standing', id, stepId],
    queryFn: ({ signal, pageParam }) =>
      api.get<Page<Enrollment>>(`/automations/${id}/contacts`, {
        signal,
        query: { step_id: stepId, limit: 20, after: pageParam ?? undefined },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

/** Lets those whom a step failed for try it again, or go on behind it. */
export function useFreeParked(id: number, verb: 'retry' | 'skip') {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (stepId: string) => api.post<{ changed: number }>(`/automations/${id}/${verb}`, { step_id: stepId }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['automations'] }),
  });
}

export const saveAutomation = (id: number, revision: number, body: { name?: string; document?: AutomationDocument }) =>
  api.put<Automation>(`/automations/${id}`, body, { headers: { 'If-Match': `"${revision}"` } });

export function useCreateAutomation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; document: AutomationDocument }) => api.post<Automation>('/automations', body),
    onSuccess: () => client.invalidateQueries({ queryKey: ['automations'] }),
  });
}

export const categories = ['welcome', 'onboarding', 'sales', 'events', 'retention', 'commerce', 'care'] as const;
export type Category = (typeof categories)[number];
export type Recipe = {
  id: string;
  category: Category;
  name: string;
  description: string;
  icon: string;
  document: AutomationDocument;
};
export type Ingredient = { kind: 'tag' | 'list' | 'field' | 'message'; name: string; id: number | null };
export const recipeQuery = (id: string) =>
  queryOptions({
    queryKey: ['automations', 'recipe', id],
    queryFn: ({ signal }) =>
      api.get<{ recipe: Recipe; ingredients: Ingredient[] }>(`/automation-recipes/${id}`, { signal }),
  });
export const recipesQuery = queryOptions({
  queryKey: ['automations', 'recipes'],
  queryFn: ({ signal }) => api.get<{ items: Recipe[] }>('/automation-recipes', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
/** A recipe makes the tags, lists, fields and messages it names as well. */
export function useCreateFromRecipe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.post<Automation>(`/automation-recipes/${id}`),
    onSuccess: () =>
      Promise.all(
        [['automations'], ['tags'], ['lists'], ['fields'], ['messages']].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  });
}

export function useAutomationAction(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: 'activate' | 'pause' | 'delete' | Resumption) => {
      if (typeof action === 'object') return api.post(`/automations/${id}/activate`, action);
      return action === 'delete' ? api.delete(`/automations/${id}`) : api.post(`/automations/${id}/${action}`);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['automations'] }),
  });
}
