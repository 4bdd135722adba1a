import { queryOptions } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { unwrap } from "../../api/problems";

export const sitesQuery = queryOptions({
  queryKey: keys.sites,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/sites", { signal })),
});

export function siteQuery(siteKey: string) {
  return queryOptions({
    queryKey: keys.site(siteKey),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/sites/{site_key}", { params: { path: { site_key: siteKey } }, signal })),
  });
}
