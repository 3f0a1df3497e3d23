/** Tags, lists and fields: what contacts are sorted by. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { Field, FieldType, List, Tag } from '@/pickers/api';

export type TagInput = { name: string; description?: string };
export type ListInput = {
  name: string;
  sender_url?: string;
  sender_reminder?: string;
  requires_confirmation?: boolean;
  /** 0 takes it away. */
  confirmation_message_id?: number;
  consent_text_id?: number;
};
export type FieldInput = {
  name: string;
  key?: string;
  type?: FieldType;
  options?: string[];
  default_value?: string | null;
  is_required?: boolean;
  is_visible?: boolean;
  is_self_service?: boolean;
  group_id?: number | null;
  list_ids?: number[];
};
export type FieldGroup = { id: number; name: string; position: number };
export type OrderInput = { group_ids: number[]; fields: { id: number; group_id: number | null }[] };
export type Kind = 'tags' | 'lists' | 'fields';
export const nounOf = { tags: 'tag', lists: 'list', fields: 'field' } as const;

export const groupsQuery = queryOptions({
  queryKey: ['fields', 'groups'],
  queryFn: ({ signal }) => api.get<Page<FieldGroup>>('/field-groups', { signal }),
});

/** How many contacts have a value, by field; counted over everyone, so it may take a moment. */
export const fieldUsageQuery = queryOptions({
  queryKey: ['fields', 'usage'],
  queryFn: async ({ signal }) => {
    type Usages = { items: { field_id: number; contact_count: number }[] };
    const { items } = await api.get<Usages>('/fields/usage', { signal });
    return new Map(items.map((item) => [item.field_id, item.contact_count]));
  },
  staleTime: 60_000,
});

function useWrite<Input, Output>(kind: Kind, write: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: [kind] }),
        client.invalidateQueries({ queryKey: ['contacts'] }),
        client.invalidateQueries({ queryKey: ['registry'] }),
      ]),
  });
}

export const useCreateTag = () => useWrite('tags', (body: TagInput) => api.post<Tag>('/tags', body));
export const useCreateList = () => useWrite('lists', (body: ListInput) => api.post<List>('/lists', body));
export const useCreateField = () => useWrite('fields', (body: FieldInput) => api.post<Field>('/fields', body));

export const useUpdateTag = () =>
  useWrite('tags', ({ id, ...body }: TagInput & { id: number }) => api.patch<Tag>(`/tags/${id}`, body));
export const useUpdateList = () =>
  useWrite('lists', ({ id, ...body }: ListInput & { id: number }) => api.patch<List>(`/lists/${id}`, body));
export const useUpdateField = () =>
  useWrite('fields', ({ id, ...body }: Partial<FieldInput> & { id: number }) =>
    api.patch<Field>(`/fields/${id}`, body),
  );

export const useDelete = (kind: Kind) => useWrite(kind, (id: number) => api.delete(`/${kind}/${id}`));

export const useMergeTags = () =>
  useWrite('tags', ({ into, id }: { into: number; id: number }) =>
    api.post<Tag>(`/tags/${into}/merge`, { tag_ids: [id] }),
  );

export const useCreateGroup = () =>
  useWrite('fields', (name: string) => api.post<FieldGroup>('/field-groups', { name }));
export const useRenameGroup = () =>
  useWrite('fields', ({ id, name }: { id: number; name: string }) =>
    api.patch<FieldGroup>(`/field-groups/${id}`, { name }),
  );
export const useDeleteGroup = () => useWrite('fields', (id: number) => api.delete(`/field-groups/${id}`));
export const useOrderFields = () => useWrite('fields', (body: OrderInput) => api.put('/fields/order', body));
