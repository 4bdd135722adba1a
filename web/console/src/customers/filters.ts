/** What the lists of customers and orders are narrowed to; it lives in the address. */

export const CUSTOMER_SORTS = ["name", "-updated_at", "-created_at"] as const;
export const HAVING = ["open_ticket", "orders", "no_orders"] as const;
export const ORDER_STATUSES = ["pending", "paid", "packed", "shipped", "delivered", "cancelled"] as const;
export const ORDER_SORTS = ["placed_at", "-number"] as const;

/** Days are those of the reader's own calendar, as "2026-03-01". */
interface Days {
  from?: string;
  to?: string;
}

export interface CustomerSearch extends Days {
  q?: string;
  country?: string;
  city?: string;
  segment?: string;
  having?: (typeof HAVING)[number];
  sort?: (typeof CUSTOMER_SORTS)[number];
}

export interface OrderSearch extends Days {
  q?: string;
  status?: (typeof ORDER_STATUSES)[number];
  sort?: (typeof ORDER_SORTS)[number];
  /** The number of the one that is looked at. */
  order?: string;
}

type Raw = Record<string, unknown>;

export function readCustomers(raw: Raw): CustomerSearch {
  const q = words(raw.q);
  const sort = known(raw.sort, CUSTOMER_SORTS);
  return given({
    q,
    country: words(raw.country),
    city: words(raw.city),
    segment: words(raw.segment),
    having: known(raw.having, HAVING),
    from: day(raw.from),
    to: day(raw.to),
    // Newest first is how the list is anyway, unless words put the best match first.
    sort: sort === "-created_at" && !q ? undefined : sort,
  });
}

export function readOrders(raw: Raw): OrderSearch {
  return given({
    q: words(raw.q),
    status: known(raw.status, ORDER_STATUSES),
    from: day(raw.from),
    to: day(raw.to),
    sort: known(raw.sort, ORDER_SORTS),
    order: words(raw.order),
  });
}

/** How many conditions there are besides the words. */
export function narrowedBy({ q: _q, sort: _sort, ...others }: CustomerSearch): number {
  return Object.keys(others).length;
}

/** What the API is asked for. */
export function customerParams({ having, from, to, ...search }: CustomerSearch) {
  return {
    ...search,
    ...(having === "open_ticket" ? { has_open_ticket: true } : {}),
    ...(having === "orders" ? { has_orders: true } : {}),
    ...(having === "no_orders" ? { has_orders: false } : {}),
    ...(from ? { created_from: start(from) } : {}),
    ...(to ? { created_to: start(to, 1) } : {}),
  };
}

export function orderParams({ status, from, to, order: _order, ...search }: OrderSearch) {
  return {
    ...search,
    ...(status ? { status: [status] } : {}),
    ...(from ? { placed_from: start(from) } : {}),
    ...(to ? { placed_to: start(to, 1) } : {}),
  };
}

/** When a day of the reader's calendar begins, so many days later. */
function start(text: string, later = 0): string {
  const [year = 0, month = 1, date = 1] = text.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

function day(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^[12]\d{3}-\d{2}-\d{2}$/.test(value)) return undefined;
  return Number.isNaN(Date.parse(value)) ? undefined : value;
}

function words(value: unknown): string | undefined {
  return typeof value === "string" && value ? value : undefined;
}

function known<T extends string>(value: unknown, among: readonly T[]): T | undefined {
  return among.find((one) => one === value);
}

function given<T extends object>(values: { [name in keyof T]: T[name] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
