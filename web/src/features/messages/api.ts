/** Messages: the list, and one as its recipients see it. */
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';

export type MessageSummary = { id: number; name: string; subject: string; updated_at: string };
export type Message = MessageSummary & { preheader: string; document: Record<string, unknown>; revision: number };
export type Preview = { html: string; text: string; subject: string };

export const messagesQuery = (search: string) =>
  queryOptions({
    queryKey: ['messages', 'list', search],
    queryFn: ({ signal }) => api.get<Page<MessageSummary>>('/messages', { signal, query: { search, limit: 200 } }),
  });

export const messageQuery = (id: number) =>
  queryOptions({
    queryKey: ['messages', 'one', id],
    queryFn: ({ signal }) => api.get<Message>(`/messages/${id}`, { signal }),
  });

export const previewQuery = (message: Message, contactId: number | null) =>
  queryOptions({
    queryKey: ['messages', 'preview', message.id, message.revision, contactId],
    queryFn: ({ signal }) =>
      api.post<Preview>(
        '/messages/preview',
        {
          document: message.document,
          subject: message.subject,
          preheader: message.preheader,
          ...(contactId ? { contact_id: contactId } : {}),
        },
        { signal },
      ),
  });
