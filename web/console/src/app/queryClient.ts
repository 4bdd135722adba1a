import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, isWorthRetrying } from "../api/problems";

/**
 * Args:
 *   onLoggedOut: the session has ended; called for any answer that says so.
 */
export function makeQueryClient(onLoggedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ApiError && error.status === 401) onLoggedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => failures < 2 && isWorthRetrying(error),
      },
    },
  });
}
