import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { unwrap } from "../api/problems";

const STALE_MS = 60_000;

export function overviewQuery(days: number) {
  return queryOptions({
    queryKey: [...keys.insights("overview"), days],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/insights/overview", { params: { query: { days } }, signal })),
    staleTime: STALE_MS,
  });
}

export function intentsQuery(days: number) {
  return queryOptions({
    queryKey: [...keys.insights("intents"), days],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/insights/intents", { params: { query: { days } }, signal })),
    staleTime: STALE_MS,
  });
}

export function sentimentQuery(days: number) {
  return queryOptions({
    queryKey: [...keys.insights("sentiment"), days],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/insights/sentiment", { params: { query: { days } }, signal })),
    staleTime: STALE_MS,
  });
}

export function containmentQuery(days: number) {
  return queryOptions({
    queryKey: [...keys.insights("containment"), days],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/insights/containment", { params: { query: { days } }, signal })),
    staleTime: STALE_MS,
  });
}

export const segmentsQuery = queryOptions({
  queryKey: keys.insights("segments"),
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/insights/segments", { signal })),
  staleTime: STALE_MS,
});

export const recommendedQuery = queryOptions({
  queryKey: keys.insights("recommendations"),
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/insights/recommendations", { signal })),
  staleTime: STALE_MS,
});
