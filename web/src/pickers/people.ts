/** Companies as lists and pickers know them. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { FieldValue } from './api';

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

export const companySearchQuery = (search: string) =>
  queryOptions({
    queryKey: ['companies', 'search', search],
    queryFn: ({ signal }) => api.get<Page<Company>>('/companies', { signal, query: { search, limit: 20 } }),
    placeholderData: keepPreviousData,
  });
