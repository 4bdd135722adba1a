import { queryOptions } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { unwrap } from "../../api/problems";

/** A desk has a handful of these; more than a page of them is no plan. */
const ALL = 200;

export const policiesQuery = queryOptions({
  queryKey: keys.policies,
  queryFn: ({ signal }) =>
    unwrap(api.GET("/api/v1/sla-policies", { params: { query: { limit: ALL } }, signal })),
});

export const calendarsQuery = queryOptions({
  queryKey: keys.calendars,
  queryFn: ({ signal }) =>
    unwrap(api.GET("/api/v1/business-calendars", { params: { query: { limit: ALL } }, signal })),
});
