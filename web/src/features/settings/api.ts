/** Workspace, users, keys and the sender. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { Role } from '@/api/session';

export type Workspace = { id: number; name: string; time_zone: string; created_at: string };
export type User = { id: number; email: string; name: string; role: Role; created_at: string };
export type UserInput = { email: string; name: string; role: Role; password: string };
export type UserChange = { id: number; name?: string; role?: Role; password?: string };
export type ApiKey = {
  id: number;
  name: string;
  prefix: string;
  user_id: number;
  created_at: string;
  last_used_at: string | null;
};
export type NewApiKey = { id: number; name: string; prefix: string; key: string };
export type Sender = { from_name: string; from_email: string; reply_to?: string };

export const workspaceQuery = queryOptions({
  queryKey: ['settings', 'workspace'],
  queryFn: ({ signal }) => api.get<Workspace>('/workspace', { signal }),
});
export const usersQuery = queryOptions({
  queryKey: ['settings', 'users'],
  queryFn: ({ signal }) => api.get<Page<User>>('/users', { signal }),
});
export const apiKeysQuery = queryOptions({
  queryKey: ['settings', 'keys'],
  queryFn: ({ signal }) => api.get<Page<ApiKey>>('/api-keys', { signal }),
});
export const senderQuery = queryOptions({
  queryKey: ['settings', 'sender'],
  queryFn: ({ signal }) => api.get<Sender>('/delivery/settings', { signal }),
});

export type Policy = { needs_approval: boolean };
export const policyQuery = queryOptions({
  queryKey: ['settings', 'policy'],
  queryFn: ({ signal }) => api.get<Policy>('/campaigns/policy', { signal }),
});

function useWrite<Input, Output>(part: string, write: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: () => client.invalidateQueries({ queryKey: ['settings', part] }),
  });
}

export const useSaveWorkspace = () =>
  useWrite('workspace', (body: Pick<Workspace, 'name' | 'time_zone'>) => api.patch<Workspace>('/workspace', body));
export const useSavePolicy = () => useWrite('policy', (body: Policy) => api.put<Policy>('/campaigns/policy', body));
export const useSaveSender = () => useWrite('sender', (body: Sender) => api.put<Sender>('/delivery/settings', body));
export const useAddUser = () => useWrite('users', (body: UserInput) => api.post<User>('/users', body));
export const useChangeUser = () =>
  useWrite('users', ({ id, ...body }: UserChange) => api.patch<User>(`/users/${id}`, body));
export const useRemoveUser = () => useWrite('users', (id: number) => api.delete(`/users/${id}`));
export const useAddKey = () => useWrite('keys', (name: string) => api.post<NewApiKey>('/api-keys', { name }));
export const useRemoveKey = () => useWrite('keys', (id: number) => api.delete(`/api-keys/${id}`));
