/** Who is signed in, and to which workspace. */
import { queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { api, setCsrfToken } from './client';
import { isStatus } from './problems';

export type Role = 'owner' | 'admin' | 'editor' | 'viewer';
export type SessionUser = { id: number; email: string; name: string; role: Role };
export type SessionWorkspace = { id: number; name: string; time_zone: string };
export type Session = { user: SessionUser; workspace: SessionWorkspace; csrf_token: string };

const remember = (session: Session) => {
  setCsrfToken(session.csrf_token);
  return session;
};

/** Null when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    try {
      return remember(await api.get<Session>('/session', { signal }));
    } catch (error) {
      if (isStatus(error, 401)) return null;
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

export const signIn = async (email: string, password: string) =>
  remember(await api.post<Session>('/session', { email, password }));

export const signOut = () => api.delete('/session');

/** Inside the shell there is always a session. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(sessionQuery);
  if (!data) throw new Error('There is no session here.');
  return data;
}

/** May the signed-in person do what this role may do? */
export function useMay(role: Role): boolean {
  const order: Role[] = ['viewer', 'editor', 'admin', 'owner'];
  const { data } = useSuspenseQuery(sessionQuery);
  return data !== null && order.indexOf(data.user.role) >= order.indexOf(role);
}

export function useSetWorkspace() {
  const client = useQueryClient();
  return (workspace: Partial<SessionWorkspace>) =>
    client.setQueryData(sessionQuery.queryKey, (old) =>
      old ? { ...old, workspace: { ...old.workspace, ...workspace } } : old,
    );
}
