/** What the list of tickets is narrowed to; it lives in the address. */

export const STATUSES = ["open", "pending", "solved", "closed"] as const;
export const PRIORITIES = ["low", "normal", "high", "urgent"] as const;
export const TYPES = ["question", "problem", "return", "complaint", "refund", "feature", "other"] as const;
export const ASSIGNEES = ["me", "none"] as const;
export const SLA_STATES = ["breached", "running", "paused"] as const;
export const SORTS = ["-created_at", "due_at", "-updated_at"] as const;

export interface TicketFilters {
  q?: string;
  status?: (typeof STATUSES)[number];
  type?: (typeof TYPES)[number];
  priority?: (typeof PRIORITIES)[number];
  assignee?: (typeof ASSIGNEES)[number];
  sla?: (typeof SLA_STATES)[number];
  sort?: (typeof SORTS)[number];
}

/** The filters of an address; what is not one of ours is dropped. */
export function readFilters(search: Record<string, unknown>): TicketFilters {
  const filters: TicketFilters = {};
  if (typeof search.q === "string" && search.q) filters.q = search.q;
  const status = oneOf(STATUSES, search.status);
  if (status) filters.status = status;
  const type = oneOf(TYPES, search.type);
  if (type) filters.type = type;
  const priority = oneOf(PRIORITIES, search.priority);
  if (priority) filters.priority = priority;
  const assignee = oneOf(ASSIGNEES, search.assignee);
  if (assignee) filters.assignee = assignee;
  const sla = oneOf(SLA_STATES, search.sla);
  if (sla) filters.sla = sla;
  const sort = oneOf(SORTS, search.sort);
  if (sort && sort !== "-created_at") filters.sort = sort;
  return filters;
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((one) => one === value);
}
