/** Tags, lists and fields: what contacts are sorted by. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Field, FieldType, List, Tag } from '@/pickers/api';

export type TagInput = { name: string; description?: string };
export type ListInput = { name: string; sender_url?: string; sender_reminder?: string };
export type FieldInput = {
  name: string;
  key?: string;
  type?: FieldType;
  options?: string[];
  default_value?: string | null;
  is_required?: boolean;
  is_visible?: boolean;
};
export type Kind = 'tags' | 'lists' | 'fields';

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
