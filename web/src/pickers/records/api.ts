/** Custom objects as several features know them: schemas, their records, and what records belong to. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { FieldType, FieldValue } from '../api';

export type RecordField = {
  id: string;
  name: string;
  plural: string;
  type: FieldType;
  options: string[];
  is_required: boolean;
  scale: number;
};
export type Namespace = 'contact' | 'company' | 'deal' | 'record';
export type Relationship = {
  id: string;
  name: string;
  plural: string;
  description: string;
  namespace: Namespace;
  has_many: boolean;
};
export type Schema = {
  id: number;
  slug: string;
  singular: string;
  plural: string;
  description: string;
  visibility: 'private' | 'public';
  fields: RecordField[];
  relationships: Relationship[];
  record_count: number;
  created_at: string;
};
export type ObjectRecord = {
  id: number;
  schema_id: number;
  external_id: string | null;
  fields: Record<string, FieldValue>;
  related: Record<string, number[]>;
  created_at: string;
  updated_at: string;
};
export type RecordGroup = { schema_id: number; count: number; records: ObjectRecord[] };
export type RecordInput = {
  external_id?: string | null;
  fields?: Record<string, FieldValue>;
  /** All that it belongs to by a relationship; `linked` adds to it, `unlinked` takes away. */
  related?: Record<string, number[]>;
  linked?: Record<string, number[]>;
  unlinked?: Record<string, number[]>;
};

export const schemasQuery = queryOptions({
  queryKey: ['objects', 'schemas'],
  queryFn: ({ signal }) => api.get<Page<Schema>>('/objects/schemas', { signal }),
});
/** For pickers, which want names. */
export const schemaNamesQuery = queryOptions({
  ...schemasQuery,
  select: (page: Page<Schema>) => ({ ...page, items: page.items.map((one) => ({ id: one.id, name: one.plural })) }),
});
/** The records of a contact, a company or a deal, by its address in the API, such as "/contacts/7". */
export const recordGroupsQuery = (about: string) =>
  queryOptions({
    queryKey: ['objects', 'groups', about],
    queryFn: ({ signal }) => api.get<{ items: RecordGroup[] }>(`${about}/records`, { signal }),
  });

/** All of them of one schema, page by page. */
export const recordsOfQuery = (schemaId: number, owner: Record<string, number>) =>
  infiniteQueryOptions({
    queryKey: ['objects', 'records', schemaId, owner],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<ObjectRecord>>(`/objects/schemas/${schemaId}/records`, {
        signal,
        query: { ...owner, limit: 50, after: pageParam },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export function useObjectsWrite<Input, Output>(write: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['objects'] }),
        client.invalidateQueries({ queryKey: ['contacts', 'timeline'] }),
      ]),
  });
}

/** Not waited for: the page of what is gone is left before it is asked for again. */
export function useObjectsRemoval(remove: (id: number) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: remove,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['objects'] });
      void client.invalidateQueries({ queryKey: ['contacts', 'timeline'] });
    },
  });
}

export const useCreateRecord = (schemaId: number) =>
  useObjectsWrite((body: RecordInput) => api.post<ObjectRecord>(`/objects/schemas/${schemaId}/records`, body));

export function showFieldValue(value: FieldValue | undefined): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** The field a record is called by: the first text. */
export const titleField = (schema: Schema): RecordField | undefined =>
  schema.fields.find((field) => field.type === 'text' || field.type === 'textarea');

export function recordTitle(record: ObjectRecord, schema: Schema): string {
  const named = showFieldValue(record.fields[titleField(schema)?.id ?? '']);
  return named || (record.external_id ?? `${schema.singular} ${record.id}`);
}
