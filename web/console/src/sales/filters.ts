/** What is read from the address, so that a link shows the same to everybody. */

export const LEAD_STATUSES = ["new", "working", "qualified", "unqualified", "converted"] as const;
export const LOST_REASONS = [
  "price",
  "competitor",
  "timing",
  "no_budget",
  "no_answer",
  "missing_feature",
  "not_a_fit",
  "other",
] as const;
export const TASK_VIEWS = ["mine", "today", "overdue", "all", "done"] as const;
const LEAD_SORTS = ["-score", "-created_at", "name", "company"] as const;
export const SPANS = [30, 90, 180, 365] as const;

export type LeadStatus = (typeof LEAD_STATUSES)[number];
export type TaskViewName = (typeof TASK_VIEWS)[number];

export interface BoardSearch {
  q?: string;
  owner?: "me" | "none";
  pipeline?: string;
}

export interface LeadSearch {
  q?: string;
  status?: LeadStatus;
  owner?: "me" | "none";
  sort?: (typeof LEAD_SORTS)[number];
}

export interface TaskSearch {
  view?: TaskViewName;
}

export interface ReportSearch {
  days?: number;
}

type Raw = Record<string, unknown>;

function known<T extends string>(value: unknown, among: readonly T[]): T | undefined {
  return among.find((one) => one === value);
}

function without<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

function words(value: unknown): string | undefined {
  return typeof value === "string" && value ? value : undefined;
}

export function readBoard(raw: Raw): BoardSearch {
  return without({
    q: words(raw.q),
    owner: known(raw.owner, ["me", "none"] as const),
    pipeline: words(raw.pipeline),
  }) as BoardSearch;
}

export function readLeads(raw: Raw): LeadSearch {
  return without({
    q: words(raw.q),
    status: known(raw.status, LEAD_STATUSES),
    owner: known(raw.owner, ["me", "none"] as const),
    sort: known(raw.sort, LEAD_SORTS),
  }) as LeadSearch;
}

export function readTasks(raw: Raw): TaskSearch {
  return without({ view: known(raw.view, TASK_VIEWS) }) as TaskSearch;
}

export function readReport(raw: Raw): ReportSearch {
  return SPANS.some((span) => span === raw.days) ? { days: raw.days as number } : {};
}
