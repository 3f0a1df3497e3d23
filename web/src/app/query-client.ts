/** The cache of server data: the only place where it is kept. */
import { QueryClient } from '@tanstack/react-query';
import { setSignedOutHandler } from '@/api/client';
import { ApiError } from '@/api/problems';
import { sessionQuery } from '@/api/session';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // Asking again does not help when the server understood and refused.
      retry: (count, error) => count < 1 && !(error instanceof ApiError && error.status < 500),
    },
  },
});

setSignedOutHandler(() => queryClient.setQueryData(sessionQuery.queryKey, null));
