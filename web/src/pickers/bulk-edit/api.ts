/** One change for many contacts, done by the server in parts: begin it, watch it to its end, take it back. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { Selection } from '@/pickers/export/api';

export type EditAction =
  | 'add_tag'
  | 'remove_tag'
  | 'subscribe'
  | 'unsubscribe'
  | 'set_field'
  | 'set_owner'
  | 'enroll'
  | 'delete';
export type EditState = 'queued' | 'running' | 'completed' | 'cancelled' | 'failed' | 'undoing' | 'undone';
export type Edit = {
  id: number;
  name: string;
  action: EditAction;
  params: Record<string, unknown>;
  state: EditState;
  total: number;
  done: number;
  changed: number;
  undone: number;
  kept: number;
  error: string | null;
  created_at: string;
  finished_at: string | null;
};

const TOUCHED = ['contacts', 'companies', 'tags', 'lists', 'segments', 'automations', 'dashboard', 'bulk', 'trash'];
const PAUSES = [120, 200, 300, 500, 800];

export const isWorking = (state: EditState) => state === 'queued' || state === 'running' || state === 'undoing';

export const editsQuery = queryOptions({
  queryKey: ['bulk', 'list'],
  queryFn: ({ signal }) => api.get<Page<Edit>>('/bulk-edits', { signal, query: { limit: 100 } }),
  refetchInterval: (query) => (query.state.data?.items.some((item) => isWorking(item.state)) ? 800 : false),
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Ask until it is over; each look is told, so that progress can be shown. */
async function watch(id: number, onLook?: (edit: Edit) => void): Promise<Edit> {
  for (let look = 0; ; look += 1) {
    const edit = await api.get<Edit>(`/bulk-edits/${id}`);
    onLook?.(edit);
    if (edit.state === 'failed') throw new Error(edit.error ?? '');
    if (!isWorking(edit.state)) return edit;
    await pause(PAUSES[Math.min(look, PAUSES.length - 1)] ?? 800);
  }
}

type Wanted = { action: EditAction; params: Record<string, unknown>; selection: Selection };

function useRefresh() {
  const client = useQueryClient();
  return () => Promise.all(TOUCHED.map((name) => client.invalidateQueries({ queryKey: [name] })));
}

export function useMakeEdit(onLook?: (edit: Edit) => void) {
  return useMutation({
    mutationFn: async (wanted: Wanted) => watch((await api.post<Edit>('/bulk-edits', wanted)).id, onLook),
    onSuccess: useRefresh(),
  });
}

export function useUndoEdit() {
  return useMutation({
    mutationFn: async (id: number) => {
      await api.post(`/bulk-edits/${id}/undo`);
      return watch(id);
    },
    onSuccess: useRefresh(),
  });
}

export function useCancelEdit() {
  return useMutation({ mutationFn: (id: number) => api.post(`/bulk-edits/${id}/cancel`), onSuccess: useRefresh() });
}
