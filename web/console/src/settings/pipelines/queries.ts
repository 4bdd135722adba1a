import { queryOptions } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { unwrap } from "../../api/problems";

export function pipelinesWith(archived: boolean) {
  return queryOptions({
    queryKey: archived ? keys.archivedPipelines : keys.pipelines,
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/pipelines", { params: { query: { archived } }, signal })),
  });
}
