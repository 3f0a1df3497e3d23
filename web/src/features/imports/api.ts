/** CSV imports: upload, mapping, check, run. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';

export type ImportState = 'uploaded' | 'checking' | 'checked' | 'running' | 'completed' | 'failed' | 'cancelled';
export type ImportColumn = { index: number; header: string; samples: string[]; suggestion: { target: string } };
export type Mapping = { index: number; target: string };
export type DateOrder = 'dmy' | 'mdy';
export type ImportOptions = { list_ids: number[]; tag_ids: number[]; update_existing: boolean; date_order: DateOrder };
/** One thing wrong with one line of the file. */
export type RowProblem = { number: number; line: number; outcome: 'skipped' | 'failed' | 'partial'; message: string };
export type Progress = {
  rows_done: number;
  rows_total: number;
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  failed: number;
};
export type Import = {
  id: number;
  filename: string;
  encoding: string;
  delimiter: string;
  columns: ImportColumn[];
  row_count_estimate: number;
  state: ImportState;
  mapping: Mapping[];
  options: ImportOptions;
  progress: Progress;
  /** The first of them, after a check. */
  problems: RowProblem[];
  error: string | null;
  created_at: string;
  finished_at?: string | null;
};
export type ImportSummary = Pick<
  Import,
  'id' | 'filename' | 'state' | 'progress' | 'error' | 'created_at' | 'finished_at'
>;

const isWorking = (state: ImportState | undefined) => state === 'checking' || state === 'running';

export const importsQuery = queryOptions({
  queryKey: ['imports', 'list'],
  queryFn: ({ signal }) => api.get<Page<ImportSummary>>('/imports', { signal, query: { limit: 100 } }),
  refetchInterval: (query) => (query.state.data?.items.some((item) => isWorking(item.state)) ? 2000 : false),
});

/** Asked every 0.7 seconds while the server works on it. */
export const importQuery = (id: number) =>
  queryOptions({
    queryKey: ['imports', 'one', id],
    queryFn: ({ signal }) => api.get<Import>(`/imports/${id}`, { signal }),
    refetchInterval: (query) => (isWorking(query.state.data?.state) ? 700 : false),
    staleTime: 0,
  });

export const errorsUrl = (id: number) => `/api/v1/imports/${id}/errors.csv`;

export function useUpload() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (file: File) => {
      const form = new FormData();
      form.set('file', file);
      return api.post<Import>('/imports', form);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['imports'] }),
  });
}

function useStep<Input = void>(id: number, step: (input: Input) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: step,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: importQuery(id).queryKey }),
        client.invalidateQueries({ queryKey: importsQuery.queryKey }),
      ]),
  });
}

type Plan = { mapping: Mapping[]; options: ImportOptions };

/** Saves the mapping and has every row checked without writing anything. */
export const useCheck = (id: number) =>
  useStep(id, async (plan: Plan) => {
    await api.patch(`/imports/${id}`, plan);
    await api.post(`/imports/${id}/dry-run`);
  });

/** Stops after the rows at hand; what is in stays in. */
export const useCancel = (id: number) => useStep(id, () => api.post(`/imports/${id}/cancel`));

export const useStart = (id: number) => useStep(id, () => api.post(`/imports/${id}/start`));
