import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { unwrap } from "../api/problems";

export const repliesQuery = queryOptions({
  queryKey: keys.replies,
  queryFn: ({ signal }) =>
    unwrap(api.GET("/api/v1/canned-replies", { params: { query: { limit: 200 } }, signal })),
  staleTime: 60_000,
});

/** Whom a reply is for: its placeholders are filled in by the gateway. */
export interface ReplyFor {
  conversation_id?: string;
  ticket?: string;
}

export function fillReply(id: string, target: ReplyFor) {
  return unwrap(
    api.GET("/api/v1/canned-replies/{reply_id}/text", {
      params: { path: { reply_id: id }, query: target },
    }),
  );
}
