/** The contact list: saved views, and what contacts did lately. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { ConditionNode } from '@/pickers/conditions/tree';

export type Engagement = {
  contact_id: number;
  last_sent_at: string | null;
  last_open_at: string | null;
  last_click_at: string | null;
  last_visit_at: string | null;
  sent_count: number;
  open_count: number;
  click_count: number;
  visit_count: number;
};

/** What these contacts did; asked for one loaded page of the list at a time. */
export const engagementQuery = (ids: number[]) =>
  queryOptions({
    queryKey: ['contacts', 'engagement', ids],
    queryFn: async ({ signal }) => {
      const page = await api.post<{ items: Engagement[] }>('/contacts/engagement', { contact_ids: ids }, { signal });
      return new Map(page.items.map((item) => [item.contact_id, item]));
    },
    staleTime: 30_000,
  });

export type View = {
  id: number;
  name: string;
  columns: string[];
  sort: string;
  search: string;
  condition: ConditionNode | null;
  owner_id: number;
  is_shared: boolean;
};
export type ViewInput = Omit<View, 'id' | 'owner_id'>;

export const viewsQuery = queryOptions({
  queryKey: ['contacts', 'views'],
  queryFn: ({ signal }) => api.get<Page<View>>('/contact-views', { signal }),
});

function useWriteView<Input, Output>(write: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: () => client.invalidateQueries({ queryKey: viewsQuery.queryKey }),
  });
}

export const useCreateView = () => useWriteView((body: ViewInput) => api.post<View>('/contact-views', body));
export const useUpdateView = () =>
  useWriteView(({ id, ...body }: Partial<ViewInput> & { id: number }) => api.patch<View>(`/contact-views/${id}`, body));
export const useDeleteView = () => useWriteView((id: number) => api.delete(`/contact-views/${id}`));
