import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { unwrap } from "../api/problems";
import type { TimelineEntry } from "../api/types";
import { customerParams, type CustomerSearch, orderParams, type OrderSearch } from "./filters";

export function customerQuery(id: string) {
  return queryOptions({
    queryKey: keys.customer(id),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/customers/{customer_id}", { params: { path: { customer_id: id } }, signal }),
      ),
  });
}

export function customersQuery(search: CustomerSearch) {
  return infiniteQueryOptions({
    queryKey: keys.customers(search),
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...customerParams(search), ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(api.GET("/api/v1/customers", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}

export function ordersQuery(search: OrderSearch) {
  const { order: _order, ...shown } = search;
  return infiniteQueryOptions({
    queryKey: keys.orders(shown),
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...orderParams(shown), ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(api.GET("/api/v1/orders", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}

/** The segments that customers are in now. */
export const segmentsQuery = queryOptions({
  queryKey: keys.segmentNames,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/customers/segments", { signal })),
});

/** Whom an e-mail address or a phone number reaches. */
export function reachedQuery(contact: string) {
  const q = contact.trim();
  return queryOptions({
    queryKey: keys.reached(q),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/customers", { params: { query: { q, limit: 20 } }, signal })),
    enabled: q !== "",
  });
}

/** Customers as the choices of a field. */
export function customerChoices(q: string) {
  return {
    queryKey: keys.customerChoices(q),
    queryFn: async () => {
      const query = { limit: 20, ...(q ? { q } : {}) };
      const page = await unwrap(api.GET("/api/v1/customers", { params: { query } }));
      return page.items.map((one) => ({
        value: one.id,
        label: one.email ? `${one.name} · ${one.email}` : one.name,
      }));
    },
  };
}

export type TimelineKind = TimelineEntry["kind"];

export function timelineQuery(id: string, { kinds, q }: { kinds: readonly TimelineKind[]; q: string }) {
  return infiniteQueryOptions({
    queryKey: keys.timeline(id, kinds, q),
    queryFn: ({ pageParam, signal }) => {
      const query = {
        limit: 30,
        ...(kinds.length > 0 ? { kind: [...kinds] } : {}),
        ...(q ? { q } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return unwrap(
        api.GET("/api/v1/customers/{customer_id}/timeline", {
          params: { path: { customer_id: id }, query },
          signal,
        }),
      );
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}

export function orderQuery(number: string) {
  return queryOptions({
    queryKey: keys.order(number),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/orders/{number}", { params: { path: { number } }, signal })),
  });
}
