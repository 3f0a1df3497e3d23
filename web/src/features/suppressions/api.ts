/** The suppression list, and where bounces come in. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';

export const reasons = ['bounced', 'complained', 'unsubscribed', 'manual'] as const;
export type Reason = (typeof reasons)[number];
export type Suppression = { address: string; reason: Reason; source: string; note: string; created_at: string };
export type Added = { added: number; known: number; wrong: string[] };
export type NewSuppressions = { addresses?: string[]; csv?: string; reason: Reason; note: string };
export const providers = ['ses', 'postmark', 'sendgrid', 'mailgun', 'sparkpost'] as const;
export type Provider = (typeof providers)[number];
export type Inbound = {
  bounce_address: string;
  has_sendgrid_key: boolean;
  has_mailgun_key: boolean;
  receiver_port: number;
  webhooks: { provider: Provider; url: string }[];
};
export type InboundInput = { bounce_address: string; sendgrid_key?: string; mailgun_key?: string };

export const suppressionsQuery = (q: string, reason: Reason | null) =>
  infiniteQueryOptions({
    queryKey: ['suppressions', 'list', q, reason],
    queryFn: ({ signal, pageParam }) =>
      api.get<Page<Suppression>>('/suppressions', { signal, query: { q, reason, after: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
export const inboundQuery = queryOptions({
  queryKey: ['suppressions', 'inbound'],
  queryFn: ({ signal }) => api.get<Inbound>('/inbound-mail', { signal }),
});

function useChange<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: ['suppressions'] }) });
}

/** A long list goes in pieces; each is kept by itself, and sending one again changes nothing. */
export const useAddSuppressions = () =>
  useChange(async (pieces: NewSuppressions[]) => {
    const sum: Added = { added: 0, known: 0, wrong: [] };
    for (const piece of pieces) {
      const part = await api.post<Added>('/suppressions', piece);
      sum.added += part.added;
      sum.known += part.known;
      sum.wrong.push(...part.wrong);
    }
    return sum;
  });
export const useRemoveSuppression = () =>
  useChange((body: { address: string; note: string }) => api.post('/suppressions/remove', body));
export const useSaveInbound = () => useChange((body: InboundInput) => api.put<Inbound>('/inbound-mail', body));
export const useTestInbound = () =>
  useMutation({ mutationFn: () => api.post<{ is_working: boolean; message: string }>('/inbound-mail/test') });

export type Mailbox = {
  id: number;
  protocol: 'imap' | 'pop3';
  host: string;
  port: number;
  security: 'none' | 'starttls' | 'tls';
  username: string;
  folder: string;
  is_enabled: boolean;
  checked_at: string | null;
  problem: string | null;
};
export type MailboxInput = Omit<Mailbox, 'id' | 'checked_at' | 'problem'> & { password?: string };

export const mailboxesQuery = queryOptions({
  queryKey: ['suppressions', 'mailboxes'],
  queryFn: ({ signal }) => api.get<Page<Mailbox>>('/inbound-mailboxes', { signal }),
});
export const useSaveMailbox = () =>
  useChange(({ id, ...body }: MailboxInput & { id?: number }) =>
    id === undefined
      ? api.post<Mailbox>('/inbound-mailboxes', body)
      : api.put<Mailbox>(`/inbound-mailboxes/${id}`, body),
  );
export const useDeleteMailbox = () => useChange((id: number) => api.delete(`/inbound-mailboxes/${id}`));
