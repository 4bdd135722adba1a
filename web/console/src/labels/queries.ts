import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { unwrap } from "../api/problems";

export const labelsQuery = queryOptions({
  queryKey: keys.labels,
  queryFn: ({ signal }) =>
    unwrap(api.GET("/api/v1/labels", { params: { query: { limit: 200 } }, signal })),
  staleTime: 60_000,
});

export function conversationLabelsQuery(id: string) {
  return queryOptions({
    queryKey: keys.conversationLabels(id),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/conversations/{conversation_id}/labels", {
          params: { path: { conversation_id: id } },
          signal,
        }),
      ),
  });
}
