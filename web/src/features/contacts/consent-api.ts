/** What a contact agreed to, the texts for it, and everything known of a person as a file. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';

export type Channel = 'email' | 'sms';
export type Consent = {
  id: number;
  channel: Channel;
  list_id: number | null;
  list_name: string | null;
  is_given: boolean;
  text_id: number | null;
  text_name: string | null;
  text_version: number | null;
  source: string;
  reason: string;
  ip: string;
  proof: Record<string, unknown>;
  actor: 'user' | 'api' | 'contact' | 'automation' | 'import' | 'system';
  created_at: string;
};
export type Consents = { items: Consent[]; standing: Consent[]; next: string | null };
export type ConsentInput = {
  channel: Channel;
  list_id: number | null;
  is_given: boolean;
  text_id: number | null;
  source: string;
  reason: string;
};
export type ConsentText = { id: number; name: string; version: number; body: string; created_at: string };
export type PersonExport = {
  id: number;
  state: 'waiting' | 'ready' | 'failed';
  filename: string;
  size_bytes: number;
  expires_at: string;
};

export const consentsQuery = (id: number) =>
  queryOptions({
    queryKey: ['contacts', 'consents', id],
    queryFn: ({ signal }) => api.get<Consents>(`/contacts/${id}/consents`, { signal, query: { limit: 200 } }),
  });

export const consentTextsQuery = queryOptions({
  queryKey: ['consent-texts'],
  queryFn: ({ signal }) => api.get<Page<ConsentText>>('/consent-texts', { signal }),
});

export const exportsQuery = (id: number) =>
  queryOptions({
    queryKey: ['contacts', 'exports', id],
    queryFn: ({ signal }) => api.get<Page<PersonExport>>(`/contacts/${id}/exports`, { signal }),
    refetchInterval: ({ state }) => (state.data?.items.some((item) => item.state === 'waiting') ? 1000 : false),
  });

export const exportUrl = (contactId: number, id: number) => `/api/v1/contacts/${contactId}/exports/${id}/file`;

function useWrite<Input, Output>(keys: string[][], write: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: () => Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

export const useChangeConsent = (id: number) =>
  useWrite([['contacts'], ['lists']], (body: ConsentInput) => api.post(`/contacts/${id}/consents`, body));

export const useAskAgain = (id: number) =>
  useWrite([['contacts', 'timeline', String(id)]], (list_id: number) =>
    api.post(`/contacts/${id}/confirmations`, { list_id }),
  );

export const useAddText = () =>
  useWrite([['consent-texts']], (body: { name: string; body: string }) =>
    api.post<ConsentText>('/consent-texts', body),
  );

export const useExportPerson = (id: number) =>
  useWrite([['contacts', 'exports']], () => api.post<PersonExport>(`/contacts/${id}/exports`));

export const useErasePerson = () =>
  useWrite([['contacts', 'list'], ['dashboard'], ['tags'], ['lists']], (id: number) =>
    api.post(`/contacts/${id}/erase`),
  );
