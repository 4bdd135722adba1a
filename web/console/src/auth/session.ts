import { queryOptions } from "@tanstack/react-query";
import { useRouteContext } from "@tanstack/react-router";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { unwrap } from "../api/problems";
import type { Staff } from "../api/types";

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: async ({ signal }) => (await unwrap(api.GET("/api/v1/auth/me", { signal }))).user,
  staleTime: Number.POSITIVE_INFINITY,
});

export async function logIn(email: string, password: string): Promise<Staff> {
  const answer = await unwrap(api.POST("/api/v1/auth/login", { body: { email, password } }));
  return answer.user;
}

export async function logOut(): Promise<void> {
  await unwrap(api.POST("/api/v1/auth/logout"));
}

/** Who is logged in; only below the routes that need somebody to be. */
export function useMe(): Staff {
  return useRouteContext({ from: "/in" }).me;
}
