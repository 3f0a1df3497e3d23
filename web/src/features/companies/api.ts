/** Companies, who works there, their fields, and how contacts come to them by e-mail domain. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { Field, FieldType, FieldValue } from '@/pickers/api';
import type { Company } from '@/pickers/people';

export type CompanyInput = {
  name?: string;
  website?: string;
  domain?: string | null;
  owner_id?: number | null;
  fields?: Record<string, FieldValue>;
};
export type Member = {
  contact_id: number;
  email: string | null;
  first_name: string;
  last_name: string;
  phone: string;
  job_title: string;
  is_primary: boolean;
  created_at: string;
};
export type CompanySettings = { is_linked_by_domain: boolean; excluded_domains: string[] };
export type CompanyFieldInput = { name: string; type?: FieldType; options?: string[] };

export const companyListQuery = (search: string, sort: string) =>
  infiniteQueryOptions({
    queryKey: ['companies', 'list', search, sort],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Company>>('/companies', { signal, query: { search, sort, limit: 100, after: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
export const companyQuery = (id: number) =>
  queryOptions({
    queryKey: ['companies', 'one', id],
    queryFn: ({ signal }) => api.get<Company>(`/companies/${id}`, { signal }),
    retry: false,
  });
export const membersQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['companies', 'members', id],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Member>>(`/companies/${id}/members`, { signal, query: { limit: 100, after: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
export const companyFieldsQuery = queryOptions({
  queryKey: ['company-fields', 'all'],
  queryFn: ({ signal }) => api.get<{ items: Field[] }>('/company-fields', { signal }),
});
export const companySettingsQuery = queryOptions({
  queryKey: ['companies', 'settings'],
  queryFn: ({ signal }) => api.get<CompanySettings>('/company-settings', { signal }),
});

function useWrite<Input, Output>(write: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['companies'] }),
        client.invalidateQueries({ queryKey: ['company-fields'] }),
      ]),
  });
}

export const useCreateCompany = () => useWrite((body: CompanyInput) => api.post<Company>('/companies', body));
export const useUpdateCompany = (id: number) =>
  useWrite((body: CompanyInput) => api.patch<Company>(`/companies/${id}`, body));
export const useAddMember = (id: number) =>
  useWrite((body: { contact_ids: number[]; job_title: string }) => api.post(`/companies/${id}/members`, body));
export const useChangeMember = (id: number) =>
  useWrite(({ contact_id, ...body }: { contact_id: number; job_title: string }) =>
    api.patch(`/companies/${id}/members/${contact_id}`, body),
  );
export const useRemoveMember = (id: number) =>
  useWrite((contactId: number) => api.delete(`/companies/${id}/members/${contactId}`));
export const useCreateField = () => useWrite((body: CompanyFieldInput) => api.post<Field>('/company-fields', body));
export const useUpdateField = () =>
  useWrite(({ id, ...body }: { id: number; name: string; options?: string[] }) =>
    api.patch<Field>(`/company-fields/${id}`, body),
  );
export const useDeleteField = () => useWrite((id: number) => api.delete(`/company-fields/${id}`));
export const useSaveSettings = () =>
  useWrite((body: Partial<CompanySettings>) => api.patch<CompanySettings>('/company-settings', body));

export function useDeleteCompany() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete(`/companies/${id}`),
    onSuccess: (_answer, id) => {
      client.removeQueries({ queryKey: ['companies', 'one', id] });
      client.removeQueries({ queryKey: ['companies', 'members', id] });
      return client.invalidateQueries({ queryKey: ['companies', 'list'] });
    },
  });
}
