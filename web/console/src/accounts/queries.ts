import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { unwrap } from "../api/problems";
import type { AccountSearch } from "./filters";

export function accountsQuery({ q, owner, sort }: AccountSearch) {
  return infiniteQueryOptions({
    queryKey: keys.accounts({ q, owner, sort }),
    queryFn: ({ pageParam, signal }) => {
      const query = {
        limit: 50,
        sort: sort ?? "name",
        ...(q ? { q } : {}),
        ...(owner ? { owner } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return unwrap(api.GET("/api/v1/accounts", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}

export function accountQuery(id: string) {
  return queryOptions({
    queryKey: keys.account(id),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/accounts/{account_id}", { params: { path: { account_id: id } }, signal })),
  });
}

/** Accounts as the choices of a field. */
export function accountChoices(q: string) {
  return {
    queryKey: keys.accountChoices(q),
    queryFn: async () => {
      const query = { limit: 20, sort: "name", ...(q ? { q } : {}) };
      const page = await unwrap(api.GET("/api/v1/accounts", { params: { query } }));
      return page.items.map((one) => ({ value: one.id, label: one.name }));
    },
  };
}

const SHOWN = 50;

export function opportunitiesOf(account_id: string) {
  return queryOptions({
    queryKey: keys.opportunitiesOf(account_id),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/opportunities", { params: { query: { account_id, limit: SHOWN } }, signal })),
  });
}

export function ticketsOf(account_id: string) {
  return queryOptions({
    queryKey: keys.ticketsOf(account_id),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/tickets", { params: { query: { account_id, limit: SHOWN } }, signal })),
  });
}
