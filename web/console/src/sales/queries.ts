import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { unwrap } from "../api/problems";
import type { BoardSearch, LeadSearch, TaskViewName } from "./filters";

export const pipelinesQuery = queryOptions({
  queryKey: keys.pipelines,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/pipelines", { signal })),
  staleTime: 5 * 60_000,
});

export function boardQuery(pipeline: string, { q, owner }: BoardSearch) {
  return queryOptions({
    queryKey: keys.board(pipeline, { q, owner }),
    queryFn: ({ signal }) => {
      const query = { pipeline_id: pipeline, ...(q ? { q } : {}), ...(owner ? { owner } : {}) };
      return unwrap(api.GET("/api/v1/opportunities/board", { params: { query }, signal }));
    },
    enabled: pipeline !== "",
  });
}

export function opportunityQuery(id: string) {
  return queryOptions({
    queryKey: keys.opportunity(id),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/opportunities/{opportunity_id}", { params: { path: { opportunity_id: id } }, signal }),
      ),
  });
}

export function leadsQuery({ q, status, owner, sort }: LeadSearch) {
  return infiniteQueryOptions({
    queryKey: keys.leads({ q, status, owner, sort }),
    queryFn: ({ pageParam, signal }) => {
      const query = {
        limit: 50,
        sort: sort ?? "-score",
        ...(q ? { q } : {}),
        ...(status ? { status: [status] } : {}),
        ...(owner ? { owner } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return unwrap(api.GET("/api/v1/leads", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}

export function leadQuery(id: string) {
  return queryOptions({
    queryKey: keys.lead(id),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/leads/{lead_id}", { params: { path: { lead_id: id } }, signal })),
  });
}

export function candidatesQuery(id: string) {
  return queryOptions({
    queryKey: keys.candidates(id),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/leads/{lead_id}/candidates", { params: { path: { lead_id: id } }, signal })),
  });
}

/** What the view's name means; the day is the reader's own. */
export function taskFilter(view: TaskViewName, now: Date) {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  const open = { status: ["open" as const], sort: "due_at" };
  switch (view) {
    case "mine":
      return { ...open, owner: "me" as const };
    case "today":
      return { ...open, owner: "me" as const, due_from: midnight.toISOString(), due_before: tomorrow.toISOString() };
    case "overdue":
      return { ...open, owner: "me" as const, due_before: now.toISOString() };
    case "all":
      return open;
    case "done":
      return { status: ["done" as const, "cancelled" as const], sort: "-closed_at" };
  }
}

export function tasksQuery(view: TaskViewName) {
  return infiniteQueryOptions({
    queryKey: keys.tasks({ view }),
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...taskFilter(view, new Date()), ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(api.GET("/api/v1/tasks", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}

export function tasksAbout(record: string) {
  return queryOptions({
    queryKey: keys.tasks({ about: record }),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/tasks", { params: { query: { about: record, limit: 50 } }, signal })),
  });
}

export const remindersQuery = queryOptions({
  queryKey: keys.tasks({ view: "reminders" }),
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/tasks/reminders", { signal })),
  refetchInterval: 60_000,
});

export function reportQuery(days: number) {
  return queryOptions({
    queryKey: keys.salesReport(days),
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/reports/sales", { params: { query: { days } }, signal })),
  });
}
