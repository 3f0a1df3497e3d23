/** The board, the list, one deal and its pipeline, as the deals pages ask for them. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import { type Deal, type DealStatus, type Pipeline, type Stage, type Task, useDealWrite } from '@/pickers/deals/api';
import { toastError } from '@/ui/toast';
import { moveOnBoard } from './board';

export type Column = {
  stage_id: number;
  count: number;
  values: Record<string, number>;
  weighted: Record<string, number>;
  deals: Deal[];
  next: string | null;
};
export type Board = { pipeline: Pipeline; columns: Column[] };
export type Filter = { owner_id?: number; search?: string; status?: DealStatus | 'any' };
export type Move = { deal: Deal; stageId: number; beforeId: number | null };
export type Participant = {
  id: number;
  contact_id: number;
  contact_name: string;
  contact_email: string | null;
  role: string;
};
export type DealEvent = {
  id: number;
  at: string;
  kind: string;
  data: Record<string, unknown> | null;
  actor_kind: string;
  actor_id: number | null;
};
export type StageInput = { name?: string; color?: string; probability?: number; stale_days?: number | null };
export type StageRow = {
  stage_id: number;
  open_count: number;
  open_value: number;
  weighted_value: number;
  stale_count: number;
  entered_count: number;
  left_count: number;
  average_days: number | null;
};
export type Report = {
  currency: string;
  open_count: number;
  open_value: number;
  weighted_value: number;
  added_count: number;
  won_count: number;
  won_value: number;
  lost_count: number;
  lost_value: number;
  win_rate: number | null;
  average_days_to_win: number | null;
  average_won_value: number | null;
  stages: StageRow[];
  months: { month: string; won_count: number; won_value: number; lost_count: number; lost_value: number }[];
  reasons: { reason: string; count: number; value: number }[];
};
export type OwnerRow = {
  owner_id: number | null;
  name: string | null;
  open_count: number;
  open_value: number;
  won_count: number;
  won_value: number;
  lost_count: number;
};

const LOT = 50;
const MOST = 500;

/** What was loaded further down a column stays there when the board is asked again. */
export const boardQuery = (pipelineId: number, filter: Filter) =>
  queryOptions({
    queryKey: ['deals', 'board', pipelineId, filter],
    queryFn: ({ signal, client, queryKey }) => {
      const shown = client.getQueryData<Board>(queryKey)?.columns.map((column) => column.deals.length) ?? [];
      const limit = Math.min(MOST, Math.max(LOT, ...shown));
      return api.get<Board>(`/pipelines/${pipelineId}/board`, { signal, query: { ...filter, limit } });
    },
    placeholderData: keepPreviousData,
  });
/** The list shows every status unless told otherwise, the board those that are open. */
const listed = ({ status, ...rest }: Filter) => ({ ...rest, status: status === 'any' ? undefined : status });

export const dealListQuery = (pipelineId: number, filter: Filter, sort: string) =>
  infiniteQueryOptions({
    queryKey: ['deals', 'list', pipelineId, filter, sort],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Deal>>('/deals', {
        signal,
        query: { pipeline_id: pipelineId, ...listed(filter), sort, limit: 100, after: pageParam },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
export const dealQuery = (id: number) =>
  queryOptions({
    queryKey: ['deals', 'one', id],
    queryFn: ({ signal }) => api.get<Deal>(`/deals/${id}`, { signal }),
    retry: false,
  });
export const eventsQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['deals', 'events', id],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<DealEvent>>(`/deals/${id}/events`, { signal, query: { limit: 50, after: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
export const participantsQuery = (id: number) =>
  queryOptions({
    queryKey: ['deals', 'participants', id],
    queryFn: ({ signal }) => api.get<{ items: Participant[] }>(`/deals/${id}/participants`, { signal }),
  });
export const tasksQuery = (filter: Record<string, string | number | boolean | undefined>) =>
  infiniteQueryOptions({
    queryKey: ['deals', 'tasks', 'all', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Task>>('/tasks', { signal, query: { ...filter, limit: 50, after: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
export const reportQuery = (pipelineId: number, days: number) =>
  queryOptions({
    queryKey: ['deals', 'report', pipelineId, days],
    queryFn: ({ signal }) =>
      api.get<{ report: Report; owners: OwnerRow[] }>(`/pipelines/${pipelineId}/report`, { signal, query: { days } }),
    placeholderData: keepPreviousData,
  });

const MOVES = ['deal-moves'];

/** The card lies in its new place at once; when the server refuses, it goes back. Moves are sent one after another. */
export function useMoveDeal(pipelineId: number, filter: Filter) {
  const client = useQueryClient();
  const { queryKey } = boardQuery(pipelineId, filter);
  return useMutation({
    mutationKey: MOVES,
    scope: { id: 'deal-moves' },
    mutationFn: ({ deal, stageId, beforeId }: Move) =>
      api.post<Deal>(`/deals/${deal.id}/move`, { stage_id: stageId, before_id: beforeId }),
    onMutate: async (move) => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData(queryKey);
      if (before) client.setQueryData(queryKey, moveOnBoard(before, move));
      return { before };
    },
    onError: (error, _move, context) => {
      client.setQueryData(queryKey, context?.before);
      toastError(error);
    },
    // The answer after the last of several moves shows them all; one in between would take cards back for a moment.
    // Nobody waits for that answer: the next move must not.
    onSettled: () => {
      if (client.isMutating({ mutationKey: MOVES }) === 1) void client.invalidateQueries({ queryKey: ['deals'] });
    },
  });
}

const joined = (deals: Deal[], more: Deal[]) => [
  ...deals,
  ...more.filter((deal) => !deals.some((one) => one.id === deal.id)),
];

export const useMoreOfColumn = (pipelineId: number, filter: Filter) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (column: Column) =>
      api.get<Page<Deal>>(`/stages/${column.stage_id}/deals`, { query: { ...filter, after: column.next } }),
    onSuccess: (page, column) =>
      client.setQueryData(boardQuery(pipelineId, filter).queryKey, (old: Board | undefined) =>
        old === undefined
          ? old
          : {
              ...old,
              // A board that was asked anew meanwhile begins its next lot elsewhere.
              columns: old.columns.map((one) =>
                one.stage_id === column.stage_id && one.next === column.next
                  ? { ...one, deals: joined(one.deals, page.items), next: page.next }
                  : one,
              ),
            },
      ),
  });
};

export const useDeleteDeal = () => useDealWrite((id: number) => api.delete(`/deals/${id}`));
export const useAddParticipant = (dealId: number) =>
  useDealWrite((body: { contact_id: number; role: string }) =>
    api.post<Participant>(`/deals/${dealId}/participants`, body),
  );
export const useRemoveParticipant = () => useDealWrite((id: number) => api.delete(`/deals/participants/${id}`));
export const useCreatePipeline = () =>
  useDealWrite((body: { name: string; currency: string }) => api.post<Pipeline>('/pipelines', body));
export const useUpdatePipeline = () =>
  useDealWrite(({ id, ...body }: { id: number; name?: string; currency?: string }) =>
    api.patch<Pipeline>(`/pipelines/${id}`, body),
  );
export const useDeletePipeline = () => useDealWrite((id: number) => api.delete(`/pipelines/${id}`));
export const useCreateStage = () =>
  useDealWrite(({ pipelineId, ...body }: StageInput & { pipelineId: number }) =>
    api.post<Stage>(`/pipelines/${pipelineId}/stages`, body),
  );
export const useUpdateStage = () =>
  useDealWrite(({ id, ...body }: StageInput & { id: number }) => api.patch<Stage>(`/stages/${id}`, body));
export const useOrderStages = () =>
  useDealWrite(({ pipelineId, ids }: { pipelineId: number; ids: number[] }) =>
    api.post<Pipeline>(`/pipelines/${pipelineId}/stages/order`, { stage_ids: ids }),
  );
export const useDeleteStage = () =>
  useDealWrite(({ id, moveTo }: { id: number; moveTo: number | null }) =>
    api.delete(`/stages/${id}${moveTo === null ? '' : `?move_to=${moveTo}`}`),
  );
export const useCreateField = () =>
  useDealWrite((body: { name: string; type: string; options: string[] }) => api.post('/deal-fields', body));
export const useDeleteField = () => useDealWrite((id: number) => api.delete(`/deal-fields/${id}`));
