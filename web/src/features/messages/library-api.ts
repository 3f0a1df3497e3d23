/** What is kept beside messages: versions, saved rows and snippets, the brand kit. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
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
/** Words under a tag that are the same in every message. */
export type Variable = {
  id: number;
  name: string;
  tag: string;
  format: 'text' | 'html';
  content: string;
  is_locked: boolean;
  updated_at: string;
};
export type VariableBody = Pick<Variable, 'name' | 'tag' | 'format' | 'content'>;
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

export const variablesQuery = queryOptions({
  queryKey: ['message-variables'],
  queryFn: ({ signal }) => api.get<Page<Variable>>('/message-variables', { signal }),
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

export const useSaveVariable = () =>
  useChanging(['message-variables'], ({ id, ...body }: VariableBody & { id?: number }) =>
    id ? api.put<Variable>(`/message-variables/${id}`, body) : api.post<Variable>('/message-variables', body),
  );
export const useLockVariable = () =>
  useChanging(['message-variables'], ({ id, is_locked }: Pick<Variable, 'id' | 'is_locked'>) =>
    api.put<Variable>(`/message-variables/${id}`, { is_locked }),
  );
export const useDeleteVariable = () =>
  useChanging(['message-variables'], (id: number) => api.delete(`/message-variables/${id}`));
export const useSaveTemplate = () =>
  useChanging(['messages', 'templates'], (messageId: number) =>
    api.post<{ name: string }>('/message-templates', { message_id: messageId }),
  );
export const useDeleteTemplate = () =>
  useChanging(['messages', 'templates'], (id: string) => api.delete(`/message-templates/${id}`));
