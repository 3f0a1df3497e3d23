/** Pipelines, deals and tasks as every screen knows them. Values are in the currency's smallest unit. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { Field, FieldValue } from '../api';

export type DealStatus = 'open' | 'won' | 'lost';
export const taskTypes = ['call', 'email', 'meeting', 'to_do'] as const;
export type TaskType = (typeof taskTypes)[number];

export type Stage = {
  id: number;
  pipeline_id: number;
  name: string;
  color: string;
  probability: number;
  stale_days: number | null;
  position: number;
};
export type Pipeline = { id: number; name: string; currency: string; position: number; stages: Stage[] };
export type Deal = {
  id: number;
  title: string;
  value: number;
  currency: string;
  contact_id: number | null;
  contact_name: string;
  contact_email: string | null;
  company_id: number | null;
  company_name: string | null;
  owner_id: number | null;
  owner_name: string | null;
  pipeline_id: number;
  stage_id: number;
  status: DealStatus;
  lost_reason: string;
  description: string;
  probability: number | null;
  win_probability: number;
  expected_on: string | null;
  fields: Record<string, FieldValue>;
  is_stale: boolean;
  next_task: { id: number; type: TaskType; title: string; due_at: string } | null;
  stage_entered_at: string;
  closed_at: string | null;
  touched_at: string;
  created_at: string;
  updated_at: string;
};
export type DealInput = Partial<
  Pick<
    Deal,
    | 'title'
    | 'value'
    | 'currency'
    | 'contact_id'
    | 'company_id'
    | 'owner_id'
    | 'pipeline_id'
    | 'stage_id'
    | 'status'
    | 'lost_reason'
    | 'description'
    | 'probability'
    | 'expected_on'
    | 'fields'
  >
>;
export type Task = {
  id: number;
  deal_id: number | null;
  deal_title: string | null;
  contact_id: number | null;
  contact_name: string;
  type: TaskType;
  title: string;
  note: string;
  due_at: string;
  assignee_id: number | null;
  assignee_name: string | null;
  done_at: string | null;
  outcome: string;
};
export type TaskInput = Partial<
  Pick<Task, 'title' | 'note' | 'type' | 'due_at' | 'assignee_id' | 'deal_id' | 'contact_id' | 'outcome'>
> & { is_done?: boolean };
export type About = { deal_id?: number; contact_id?: number };

export const pipelinesQuery = queryOptions({
  queryKey: ['deals', 'pipelines'],
  queryFn: ({ signal }) => api.get<Page<Pipeline>>('/pipelines', { signal }),
});
export const pipelineNamesQuery = queryOptions({
  queryKey: ['deals', 'pipelines', 'names'],
  queryFn: ({ signal }) => api.get<Page<Pipeline>>('/pipelines', { signal }),
});
/** Stages by name with their pipeline's, where there are several pipelines. */
export const stageNamesQuery = queryOptions({
  queryKey: ['deals', 'pipelines', 'stages'],
  queryFn: async ({ signal }) => {
    const page = await api.get<Page<Pipeline>>('/pipelines', { signal });
    const named = (pipeline: Pipeline, stage: Stage) =>
      page.items.length > 1 ? `${pipeline.name}: ${stage.name}` : stage.name;
    const items = page.items.flatMap((pipeline) =>
      pipeline.stages.map((stage) => ({ id: stage.id, name: named(pipeline, stage) })),
    );
    return { ...page, items };
  },
});
export const dealFieldsQuery = queryOptions({
  queryKey: ['deals', 'fields'],
  queryFn: ({ signal }) => api.get<{ items: Field[] }>('/deal-fields', { signal }),
});
export const dealsOfQuery = (about: { contact_id?: number; company_id?: number }) =>
  queryOptions({
    queryKey: ['deals', 'of', about],
    queryFn: ({ signal }) => api.get<Page<Deal>>('/deals', { signal, query: { ...about, limit: 200 } }),
  });
export const dealSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ['deals', 'search', search],
    queryFn: ({ signal }) =>
      api.get<Page<Deal>>('/deals', { signal, query: { search, status: 'open', sort: '-touched_at', limit: 20 } }),
    placeholderData: keepPreviousData,
  });
export const tasksOfQuery = (about: About, isDone: boolean) =>
  queryOptions({
    queryKey: ['deals', 'tasks', about, isDone],
    queryFn: ({ signal }) =>
      api.get<Page<Task>>('/tasks', { signal, query: { ...about, is_done: isDone, limit: 200 } }),
  });

export function useDealWrite<Input, Output>(write: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['deals'] }),
        client.invalidateQueries({ queryKey: ['contacts', 'timeline'] }),
      ]),
  });
}

export const useCreateDeal = () => useDealWrite((body: DealInput) => api.post<Deal>('/deals', body));
export const useUpdateDeal = () =>
  useDealWrite(({ id, ...body }: DealInput & { id: number }) => api.patch<Deal>(`/deals/${id}`, body));
export const useCreateTask = () => useDealWrite((body: TaskInput) => api.post<Task>('/tasks', body));
export const useUpdateTask = () =>
  useDealWrite(({ id, ...body }: TaskInput & { id: number }) => api.patch<Task>(`/tasks/${id}`, body));
export const useDeleteTask = () => useDealWrite((id: number) => api.delete(`/tasks/${id}`));
