import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { unwrap } from "../api/problems";
import type { TicketFilters } from "./filters";

export function ticketsQuery(filters: TicketFilters) {
  return infiniteQueryOptions({
    queryKey: keys.tickets(filters),
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...filters, ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(api.GET("/api/v1/tickets", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}

export function ticketQuery(number: string) {
  return queryOptions({
    queryKey: keys.ticket(number),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/tickets/{number}", { params: { path: { number } }, signal })),
  });
}

export function commentsQuery(number: string) {
  return queryOptions({
    queryKey: keys.comments(number),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/tickets/{number}/comments", {
          params: { path: { number }, query: { limit: 200 } },
          signal,
        }),
      ),
  });
}

export const colleaguesQuery = queryOptions({
  queryKey: keys.colleagues,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/users", { signal })),
  staleTime: 5 * 60_000,
});
