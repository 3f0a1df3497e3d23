/** Exports and their schedules. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';

export type ExportState = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled' | 'expired';
export type Export = {
  id: number;
  name: string;
  format: 'csv' | 'xlsx';
  columns: string[];
  schedule_id: number | null;
  state: ExportState;
  rows_total: number;
  rows_done: number;
  size_bytes: number;
  error: string | null;
  created_at: string;
  finished_at: string | null;
};
export type Schedule = {
  id: number;
  name: string;
  columns: string[];
  format: 'csv' | 'xlsx';
  weekday: number | null;
  at_time: string;
  kept: number;
  is_active: boolean;
  next_at: string;
};

export const isWorking = (state: ExportState) => state === 'queued' || state === 'running';

export const exportsQuery = queryOptions({
  queryKey: ['exports', 'list'],
  queryFn: ({ signal }) => api.get<Page<Export>>('/exports', { signal, query: { limit: 100 } }),
  refetchInterval: (query) => (query.state.data?.items.some((item) => isWorking(item.state)) ? 800 : false),
});

export const schedulesQuery = queryOptions({
  queryKey: ['exports', 'schedules'],
  queryFn: ({ signal }) => api.get<Page<Schedule>>('/export-schedules', { signal }),
});

export const fileUrl = (id: number) => `/api/v1/exports/${id}/file`;

const useChange = <T>(mutationFn: (given: T) => Promise<unknown>) => {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: ['exports'] }) });
};

export const useCancelExport = () => useChange((id: number) => api.post(`/exports/${id}/cancel`));
export const useDeleteExport = () => useChange((id: number) => api.delete(`/exports/${id}`));
export const useSwitchSchedule = () =>
  useChange(({ id, isActive }: { id: number; isActive: boolean }) =>
    api.patch(`/export-schedules/${id}`, { is_active: isActive }),
  );
export const useDeleteSchedule = () => useChange((id: number) => api.delete(`/export-schedules/${id}`));
