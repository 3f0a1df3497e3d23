/** The local mailbox: what the built-in mail server has received. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';

export type Mail = {
  id: number;
  received_at: string;
  mail_from: string;
  rcpt_to: string | string[];
  subject: string;
  size: number;
};
export type FullMail = Mail & {
  html: string | null;
  text: string | null;
  headers: [string, string][] | Record<string, string> | { name: string; value: string }[];
};

export const mailboxQuery = infiniteQueryOptions({
  queryKey: ['mailbox', 'list'],
  queryFn: ({ pageParam, signal }) =>
    api.get<Page<Mail>>('/mailbox', { signal, query: { limit: 50, after: pageParam } }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});

export const mailQuery = (id: number) =>
  queryOptions({
    queryKey: ['mailbox', 'one', id],
    queryFn: ({ signal }) => api.get<FullMail>(`/mailbox/${id}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const rawUrl = (id: number) => `/api/v1/mailbox/${id}/raw`;

export const rawQuery = (id: number) =>
  queryOptions({
    queryKey: ['mailbox', 'raw', id],
    queryFn: ({ signal }) => api.get<string>(`/mailbox/${id}/raw`, { signal, headers: { Accept: '*/*' } }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export function useEmptyMailbox() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete('/mailbox'),
    onSuccess: () => client.invalidateQueries({ queryKey: ['mailbox'] }),
  });
}
