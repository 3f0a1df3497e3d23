/** Automations: the list, one of them with its counts, switching on and off. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';

export type Step = {
  id: string;
  type: string;
  params: Record<string, unknown>;
  arms?: Record<string, Step[]>;
};
export type Automation = {
  id: number;
  name: string;
  status: 'draft' | 'active' | 'paused';
  document: { version: number; triggers: { id: string; type: string }[]; steps: Step[] };
  active: number;
  completed: number;
  parked: number;
  updated_at: string;
};
export type Counts = { steps: Record<string, { here: number; passed: number }> };

export const automationsQuery = (search: string, status: string | undefined) =>
  queryOptions({
    queryKey: ['automations', 'list', search, status],
    queryFn: ({ signal }) =>
      api.get<Page<Automation>>('/automations', { signal, query: { search, status, limit: 200 } }),
  });

export const automationQuery = (id: number) =>
  queryOptions({
    queryKey: ['automations', 'one', id],
    queryFn: ({ signal }) => api.get<Automation>(`/automations/${id}`, { signal }),
  });

export const countsQuery = (id: number) =>
  queryOptions({
    queryKey: ['automations', 'counts', id],
    queryFn: ({ signal }) => api.get<Counts>(`/automations/${id}/counts`, { signal }),
  });

export function useSwitch(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (to: 'activate' | 'pause') => api.post(`/automations/${id}/${to}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['automations'] }),
  });
}
