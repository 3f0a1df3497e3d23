/** Taking contacts away as a file: which columns there are, and beginning an export. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';

/** A choice of contacts: all that is given must hold; nothing given means everyone. */
export type Selection = {
  contact_ids?: number[];
  segment_id?: number;
  condition?: Record<string, unknown>;
  search?: string;
};
export type ExportFormat = 'csv' | 'xlsx';
export type ExportColumn = { name: string; label: string };

export const exportColumnsQuery = queryOptions({
  queryKey: ['exports', 'columns'],
  queryFn: ({ signal }) => api.get<Page<ExportColumn>>('/exports/columns', { signal }),
});

type Wanted = { selection: Selection; columns: string[]; format: ExportFormat };

export function useBeginExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: Wanted) => api.post<{ id: number }>('/exports', wanted),
    onSuccess: () => client.invalidateQueries({ queryKey: ['exports'] }),
  });
}

type Weekly = Wanted & { name: string; weekday: number | null; at_time: string; kept: number };

export function useAddSchedule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: Weekly) => api.post<{ id: number }>('/export-schedules', wanted),
    onSuccess: () => client.invalidateQueries({ queryKey: ['exports'] }),
  });
}
