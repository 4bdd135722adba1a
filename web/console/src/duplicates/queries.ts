import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { unwrap } from "../api/problems";
import type { PairStatus } from "../api/types";

export function duplicatesQuery(status: PairStatus) {
  return infiniteQueryOptions({
    queryKey: keys.duplicates(status),
    queryFn: ({ pageParam, signal }) => {
      const query = { status, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(api.GET("/api/v1/duplicates", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}

export function duplicateQuery(id: string) {
  return queryOptions({
    queryKey: keys.duplicate(id),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/duplicates/{pair_id}", { params: { path: { pair_id: id } }, signal })),
  });
}

export const waitingQuery = queryOptions({
  queryKey: keys.duplicatesWaiting,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/duplicates/count", { signal })),
});
