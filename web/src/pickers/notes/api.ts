/** Notes on a contact, a company or a deal; `about` is its address in the API, such as "/contacts/7". */
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';

export type Note = { id: number; body: string; author_id: number | null; created_at: string; updated_at: string };

export const notesQuery = (about: string) =>
  infiniteQueryOptions({
    queryKey: ['notes', about],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Note>>(`${about}/notes`, { signal, query: { limit: 50, after: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

function useWrite<Input, Output>(about: string, write: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['notes', about] }),
        client.invalidateQueries({ queryKey: ['contacts', 'timeline'] }),
      ]),
  });
}

export const useAddNote = (about: string) =>
  useWrite(about, (body: string) => api.post<Note>(`${about}/notes`, { body }));
export const useChangeNote = (about: string, at: string) =>
  useWrite(about, ({ id, body }: { id: number; body: string }) => api.patch<Note>(`${at}/${id}`, { body }));
export const useDeleteNote = (about: string, at: string) => useWrite(about, (id: number) => api.delete(`${at}/${id}`));
export const useRestoreNote = (about: string) =>
  useWrite(about, (id: number) => api.post<Note>(`/notes/${id}/restore`));
