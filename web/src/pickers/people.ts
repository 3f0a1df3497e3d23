/** The users of the workspace, and companies: who looks after a contact, and where contacts work. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { FieldValue, Named } from './api';

export type User = { id: number; email: string; name: string };
export type Company = {
  id: number;
  name: string;
  website: string;
  domain: string | null;
  owner_id: number | null;
  fields: Record<string, FieldValue>;
  contact_count: number;
  created_at: string;
  updated_at: string;
};

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => api.get<Page<User>>('/users', { signal }),
  staleTime: 60_000,
});

export const companySearchQuery = (search: string) =>
  queryOptions({
    queryKey: ['companies', 'search', search],
    queryFn: ({ signal }) => api.get<Page<Company>>('/companies', { signal, query: { search, limit: 20 } }),
    placeholderData: keepPreviousData,
  });

export const userName = (user: User) => user.name || user.email;

export const named = (users: User[]): Named[] => users.map((user) => ({ id: user.id, name: userName(user) }));
