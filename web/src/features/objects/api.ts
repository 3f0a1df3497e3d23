/** Schemas and records of custom objects. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { FieldType, FieldValue } from '@/pickers/api';
import {
  type Namespace,
  type ObjectRecord,
  type RecordInput,
  type Schema,
  useObjectsRemoval,
  useObjectsWrite,
} from '@/pickers/records/api';

export type FieldInput = { id?: string; name: string; type?: FieldType; options?: string[]; is_required?: boolean };
export type RelationshipInput = { id?: string; name: string; namespace: Namespace; has_many: boolean };
export type SchemaInput = {
  singular?: string;
  plural?: string;
  description?: string;
  fields?: FieldInput[];
  relationships?: RelationshipInput[];
};
export type Related = { relationship: string; namespace: Namespace; id: number; name: string; detail: string };

export const schemaQuery = (id: number) =>
  queryOptions({
    queryKey: ['objects', 'schema', id],
    queryFn: ({ signal }) => api.get<Schema>(`/objects/schemas/${id}`, { signal }),
    retry: false,
  });
export const recordListQuery = (schemaId: number, search: string) =>
  infiniteQueryOptions({
    queryKey: ['objects', 'records', schemaId, search],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<ObjectRecord>>(`/objects/schemas/${schemaId}/records`, {
        signal,
        query: { search, limit: 100, after: pageParam },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
export const recordQuery = (id: number) =>
  queryOptions({
    queryKey: ['objects', 'record', id],
    queryFn: ({ signal }) => api.get<ObjectRecord>(`/objects/records/${id}`, { signal }),
    retry: false,
  });
export const relatedQuery = (id: number) =>
  queryOptions({
    queryKey: ['objects', 'related', id],
    queryFn: ({ signal }) => api.get<{ items: Related[] }>(`/objects/records/${id}/related`, { signal }),
  });

export const useCreateSchema = () => useObjectsWrite((body: SchemaInput) => api.post<Schema>('/objects/schemas', body));
export const useUpdateSchema = (id: number) =>
  useObjectsWrite((body: SchemaInput) => api.patch<Schema>(`/objects/schemas/${id}`, body));
export const useDeleteSchema = () => useObjectsRemoval((id) => api.delete(`/objects/schemas/${id}`));
export const useDeletePart = (id: number, part: 'fields' | 'relationships') =>
  useObjectsWrite((name: string) => api.delete(`/objects/schemas/${id}/${part}/${encodeURIComponent(name)}`));
export const useUpdateRecord = (id: number) =>
  useObjectsWrite((body: RecordInput & { fields?: Record<string, FieldValue> }) =>
    api.patch<ObjectRecord>(`/objects/records/${id}`, body),
  );
export const useDeleteRecord = () => useObjectsRemoval((id) => api.delete(`/objects/records/${id}`));
