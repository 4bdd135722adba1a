import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { unwrap } from "../api/problems";

/** Asked of the model in service, which a training may have replaced: not kept for long. */
export function explanationQuery(text: string) {
  return queryOptions({
    queryKey: keys.explanation(text),
    queryFn: ({ signal }) => unwrap(api.POST("/api/v1/nlu/explain", { body: { text }, signal })),
    staleTime: 60_000,
  });
}
