/** Days as bars of a chart: no day left out, and weeks once there are too many days to see. */

const DAY_MS = 86_400_000;
const MAX_BARS = 62;

export interface Periods<T> {
  unit: "day" | "week";
  items: T[];
}

type Counted<K extends string> = { day: string } & Record<K, number>;

/** Sums per period from the first day to the last; a week is named by its first day. */
export function byPeriod<K extends string>(
  days: readonly Counted<K>[],
  fields: readonly K[],
): Periods<Counted<K>> {
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return { unit: "day", items: [] };
  const start = Date.parse(first.day);
  const length = Math.round((Date.parse(last.day) - start) / DAY_MS) + 1;
  const step = length > MAX_BARS ? 7 : 1;
  const items = Array.from({ length: Math.ceil(length / step) }, (_, index) => {
    const day = new Date(start + index * step * DAY_MS).toISOString().slice(0, 10);
    return { day, ...Object.fromEntries(fields.map((field) => [field, 0])) } as Counted<K>;
  });
  for (const counted of days) {
    const item = items[Math.floor(Math.round((Date.parse(counted.day) - start) / DAY_MS) / step)];
    if (!item) continue;
    for (const field of fields) (item as Record<string, unknown>)[field] = item[field] + counted[field];
  }
  return { unit: step === 7 ? "week" : "day", items };
}
