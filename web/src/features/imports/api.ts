/** Imports: upload, mapping, check, run, pause, undo. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import { type Sending, upload } from '@/api/upload';

export type ImportState =
  | 'uploaded'
  | 'checking'
  | 'checked'
  | 'running'
  | 'paused'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'undoing'
  | 'undone';
export const rules = ['update', 'append', 'only_empty', 'skip'] as const;
export type Rule = (typeof rules)[number];
export const givenStatuses = ['active', 'unconfirmed', 'unsubscribed'] as const;
export type GivenStatus = (typeof givenStatuses)[number];
export type ImportColumn = { index: number; header: string; samples: string[]; suggestion: { target: string } };
export type Mapping = { index: number; target: string };
export type DateOrder = 'dmy' | 'mdy';
export type ImportOptions = {
  list_ids: number[];
  tag_ids: number[];
  rule: Rule;
  status: GivenStatus;
  consent: string;
  date_order: DateOrder;
};
export type ImportFormat = 'csv' | 'tsv' | 'xlsx' | 'vcard';
/** A contact that undoing left as it is. */
export type Refusal = { contact_id: number; reason: string };
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
  format: ImportFormat;
  encoding: string;
  delimiter: string;
  columns: ImportColumn[];
  row_count_estimate: number;
  state: ImportState;
  mapping: Mapping[];
  options: ImportOptions;
  progress: Progress;
  undone: number;
  undo_refused: number;
  /** The first of them, after a check. */
  problems: RowProblem[];
  error: string | null;
  created_at: string;
  finished_at?: string | null;
};
export type ImportSummary = Pick<
  Import,
  'id' | 'filename' | 'format' | 'state' | 'progress' | 'error' | 'created_at' | 'finished_at'
>;

const isWorking = (state: ImportState | undefined) =>
  state === 'checking' || state === 'running' || state === 'undoing';

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

export const refusalsQuery = (id: number) =>
  queryOptions({
    queryKey: ['imports', 'refusals', id],
    queryFn: ({ signal }) => api.get<Page<Refusal>>(`/imports/${id}/undo-refusals`, { signal, query: { limit: 20 } }),
  });

type Uploading = { file: File; onProgress: (share: number) => void; onSending: (sending: Sending<Import>) => void };

export function useUpload() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ file, onProgress, onSending }: Uploading) => {
      const form = new FormData();
      form.set('file', file);
      const sending = upload<Import>('/imports', form, {}, onProgress);
      onSending(sending);
      return sending.done;
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

/** Stops after the rows at hand, to go on later. */
export const usePause = (id: number) => useStep(id, () => api.post(`/imports/${id}/pause`));

export const useResume = (id: number) => useStep(id, () => api.post(`/imports/${id}/resume`));

/** Takes back everything the import did. */
export const useUndo = (id: number) => useStep(id, () => api.post(`/imports/${id}/undo`));

export const useStart = (id: number) => useStep(id, () => api.post(`/imports/${id}/start`));
