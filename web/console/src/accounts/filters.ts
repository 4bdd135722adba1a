/** What the list of accounts is narrowed to; it lives in the address. */

export const ACCOUNT_SORTS = ["name", "-created_at", "-updated_at", "-employees"] as const;

export interface AccountSearch {
  q?: string;
  owner?: "me" | "none";
  sort?: (typeof ACCOUNT_SORTS)[number];
}

export function readAccounts(raw: Record<string, unknown>): AccountSearch {
  const sort = ACCOUNT_SORTS.find((one) => one === raw.sort);
  return {
    ...(typeof raw.q === "string" && raw.q ? { q: raw.q } : {}),
    ...(raw.owner === "me" || raw.owner === "none" ? { owner: raw.owner } : {}),
    ...(sort && sort !== "name" ? { sort } : {}),
  };
}
