/** What is kept beside messages: versions, saved rows and snippets, the brand kit. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Message } from './api';
import type { Block, MessageDocument } from './blocks';

export type VersionSummary = {
  revision: number;
  reason: 'save' | 'send' | 'restore';
  subject: string;
  user_name: string | null;
  created_at: string;
};
export type Version = VersionSummary & { name: string; preheader: string; document: MessageDocument };
export type SavedRow = { id: number; name: string; is_synced: boolean; blocks: Block[]; updated_at: string };
export type BrandKit = {
  colors: string[];
  background: string;
  sheet: string;
  color: string;
  link_color: string;
  button_color: string;
  button_text_color: string;
  font: string;
  logo: string;
  logo_alt: string;
  logo_width: number;
  footer_html: string;
};
type All<T> = { items: T[] };

export const versionsQuery = (id: number) =>
  queryOptions({
    queryKey: ['messages', 'versions', id],
    queryFn: ({ signal }) => api.get<All<VersionSummary>>(`/messages/${id}/versions`, { signal }),
    staleTime: 0,
  });
export const versionQuery = (id: number, revision: number) =>
  queryOptions({
    queryKey: ['messages', 'versions', id, revision],
    queryFn: ({ signal }) => api.get<Version>(`/messages/${id}/versions/${revision}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const savedRowsQuery = queryOptions({
  queryKey: ['saved-rows'],
  queryFn: ({ signal }) => api.get<All<SavedRow>>('/saved-rows', { signal }),
});
export const brandQuery = queryOptions({
  queryKey: ['brand'],
  queryFn: ({ signal }) => api.get<BrandKit>('/brand', { signal }),
});

function useChanging<A, R>(key: string[], call: (argument: A) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: call, onSuccess: () => client.invalidateQueries({ queryKey: key }) });
}

export const useKeepVersion = (id: number) =>
  useChanging(['messages', 'versions'], () => api.post(`/messages/${id}/versions`));
export const restoreVersion = (id: number, revision: number) =>
  api.post<Message>(`/messages/${id}/versions/${revision}/restore`);
export const useSaveRow = () =>
  useChanging(['saved-rows'], ({ id, ...body }: { id?: number; name: string; blocks: Block[]; is_synced: boolean }) =>
    id
      ? api.put<SavedRow>(`/saved-rows/${id}`, { name: body.name, blocks: body.blocks })
      : api.post<SavedRow>('/saved-rows', body),
  );
export const useDeleteRow = () => useChanging(['saved-rows'], (id: number) => api.delete(`/saved-rows/${id}`));
export const useSetBrand = () =>
  useMutation({
    mutationFn: (kit: BrandKit) => api.put<BrandKit>('/brand', kit),
  });
