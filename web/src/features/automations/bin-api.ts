/** The recycle bin of automations. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Automation } from './api';

export type Deleted = { id: number; name: string; deleted_at: string; gone_at: string };

export const binQuery = queryOptions({
  queryKey: ['automations', 'deleted'],
  queryFn: ({ signal }) => api.get<{ items: Deleted[] }>('/automations/deleted', { signal }),
});

const useChange = <T>(change: (id: number) => Promise<T>) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: ['automations'] }),
  });
};

export const useRestore = () => useChange((id) => api.post<Automation>(`/automations/${id}/restore`));
export const useRemove = () => useChange((id) => api.delete(`/automations/deleted/${id}`));
