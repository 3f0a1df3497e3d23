/** Where a contact works, and the files about a contact. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { Company } from '@/pickers/people';

export type Workplace = {
  company_id: number;
  name: string;
  domain: string | null;
  website: string;
  job_title: string;
  is_primary: boolean;
};
export type ContactFile = {
  id: number;
  contact_id: number;
  name: string;
  mime: string;
  size_bytes: number;
  author_id: number | null;
  created_at: string;
};

export const workplacesQuery = (contactId: number) =>
  queryOptions({
    queryKey: ['companies', 'of', contactId],
    queryFn: ({ signal }) => api.get<{ items: Workplace[] }>(`/contacts/${contactId}/companies`, { signal }),
  });

function useCompanyWrite<Input, Output>(write: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['companies'] }),
        client.invalidateQueries({ queryKey: ['contacts', 'timeline'] }),
      ]),
  });
}

export const useCreateCompany = () => useCompanyWrite((name: string) => api.post<Company>('/companies', { name }));

export const useJoinCompany = (contactId: number) =>
  useCompanyWrite(({ id, job_title }: { id: number; job_title: string }) =>
    api.post(`/companies/${id}/members`, { contact_ids: [contactId], job_title }),
  );

export const useChangeWorkplace = (contactId: number) =>
  useCompanyWrite(({ id, ...change }: { id: number; job_title?: string; is_primary?: boolean }) =>
    api.patch(`/companies/${id}/members/${contactId}`, change),
  );

export const useLeaveCompany = (contactId: number) =>
  useCompanyWrite((id: number) => api.delete(`/companies/${id}/members/${contactId}`));

const filesPath = (contactId: number) => `/contacts/${contactId}/files`;

export const fileUrl = (file: ContactFile) => `/api/v1${filesPath(file.contact_id)}/${file.id}`;

export const filesQuery = (contactId: number) =>
  infiniteQueryOptions({
    queryKey: ['contacts', 'files', contactId],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<ContactFile>>(filesPath(contactId), { signal, query: { limit: 50, after: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export function useRefreshFiles(contactId: number) {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['contacts', 'files', contactId] }),
      client.invalidateQueries({ queryKey: ['contacts', 'timeline', contactId] }),
    ]);
}

export function useDeleteFile(contactId: number) {
  const refresh = useRefreshFiles(contactId);
  return useMutation({
    mutationFn: (id: number) => api.delete(`${filesPath(contactId)}/${id}`),
    onSuccess: refresh,
  });
}

export function useRestoreFile(contactId: number) {
  const refresh = useRefreshFiles(contactId);
  return useMutation({
    mutationFn: (id: number) => api.post(`${filesPath(contactId)}/${id}/restore`),
    onSuccess: refresh,
  });
}
