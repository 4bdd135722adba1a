import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { unwrap } from "../api/problems";
import type { CampaignView } from "../api/types";
import type { CampaignSearch } from "./filters";

export function campaignsQuery({ q, status, owner }: CampaignSearch) {
  return infiniteQueryOptions({
    queryKey: keys.campaigns({ q, status, owner }),
    queryFn: ({ pageParam, signal }) => {
      const query = {
        limit: 50,
        ...(q ? { q } : {}),
        ...(status ? { status: [status] } : {}),
        ...(owner ? { owner } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return unwrap(api.GET("/api/v1/campaigns", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}

export function campaignQuery(id: string) {
  return queryOptions({
    queryKey: keys.campaign(id),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/campaigns/{campaign_id}", { params: { path: { campaign_id: id } }, signal })),
  });
}

export function membersQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: keys.members(id),
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) };
      const params = { path: { campaign_id: id }, query };
      return unwrap(api.GET("/api/v1/campaigns/{campaign_id}/members", { params, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}

export function audiencesQuery(channel: CampaignView["channel"]) {
  return queryOptions({
    queryKey: keys.audiences(channel),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/campaigns/audiences", { params: { query: { channel } }, signal })),
    staleTime: 60_000,
  });
}
