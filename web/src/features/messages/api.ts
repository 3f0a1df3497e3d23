/** Messages: the list, one with its document, ready templates, previews by the server's own renderer, test mails. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { MessageDocument } from './blocks';

export type MessageSummary = { id: number; name: string; subject: string; revision: number; updated_at: string };
export type Content = { name: string; subject: string; preheader: string; document: MessageDocument };
export type Message = MessageSummary & Content & { from_name: string; from_email: string };
export type Preview = {
  html: string;
  text: string;
  subject: string;
  problems: { block_id: string; message: string }[];
};
export type Template = Omit<Content, 'name'> & {
  id: string;
  name: string;
  description: string;
  is_saved: boolean;
};

export type ImportedHtml = {
  document: MessageDocument;
  title: string;
  images: { src: string; alt: string; is_full_address: boolean }[];
  removed: string[];
};

export const messagesQuery = (search: string) =>
  queryOptions({
    queryKey: ['messages', 'list', search],
    queryFn: ({ signal }) => api.get<Page<MessageSummary>>('/messages', { signal, query: { search, limit: 200 } }),
  });
export const messageQuery = (id: number) =>
  queryOptions({
    queryKey: ['messages', 'one', id],
    queryFn: ({ signal }) => api.get<Message>(`/messages/${id}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const templatesQuery = queryOptions({
  queryKey: ['messages', 'templates'],
  queryFn: ({ signal }) => api.get<{ items: Template[] }>('/message-templates', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
export const previewQuery = (content: Pick<Content, 'subject' | 'preheader' | 'document'>, contactId: number | null) =>
  queryOptions({
    queryKey: ['messages', 'preview', content, contactId],
    queryFn: ({ signal }) =>
      api.post<Preview>(
        '/messages/preview',
        {
          document: content.document,
          subject: content.subject,
          preheader: content.preheader,
          ...(contactId ? { contact_id: contactId } : {}),
        },
        { signal },
      ),
    placeholderData: keepPreviousData,
    retry: false,
  });

export const saveMessage = (id: number, revision: number, content: Content) =>
  api.put<Message>(`/messages/${id}`, content, { headers: { 'If-Match': `"${revision}"` } });

function useInvalidating<A, R>(call: (argument: A) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: call, onSuccess: () => client.invalidateQueries({ queryKey: ['messages'] }) });
}

export const useCreateMessage = () =>
  useInvalidating((body: Partial<Content> & { name: string }) => api.post<Message>('/messages', body));
export const useImportHtml = () =>
  useMutation({ mutationFn: (html: string) => api.post<ImportedHtml>('/messages/import-html', { html }) });
export const useDuplicateMessage = () =>
  useInvalidating((id: number) => api.post<Message>(`/messages/${id}/duplicate`));
export const useDeleteMessage = () => useInvalidating((id: number) => api.delete(`/messages/${id}`));
export const useSendTest = (id: number) =>
  useMutation({
    mutationFn: (body: { email: string; contact_id?: number }) => api.post(`/messages/${id}/test`, body),
  });
