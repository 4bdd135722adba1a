import { infiniteQueryOptions } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { unwrap } from "../api/problems";
import type { TranscriptFilters } from "../app/router";

export function transcriptsQuery(filters: TranscriptFilters) {
  return infiniteQueryOptions({
    queryKey: keys.transcripts(filters),
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filters, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(api.GET("/api/v1/transcripts", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}

export function transcriptQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: keys.transcript(id),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/transcripts/{conversation_id}", {
          params: { path: { conversation_id: id }, query: { after: pageParam } },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.next_cursor ? Number(page.next_cursor) : null),
  });
}
