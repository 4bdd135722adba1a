/** Times in the reader's language. */

import { region, words } from "./locale";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** "Just now", "5 min. ago", then the time of day. */
export function relative(at: number, now: number): string {
  const age = now - at;
  if (age < MINUTE) return words.now;
  if (age < HOUR) {
    const format = new Intl.RelativeTimeFormat(region, { style: "short" });
    return format.format(-Math.floor(age / MINUTE), "minute");
  }
  return new Intl.DateTimeFormat(region, { timeStyle: "short" }).format(at);
}

export function exact(at: number): string {
  return new Intl.DateTimeFormat(region, { dateStyle: "full", timeStyle: "medium" }).format(at);
}

/** "Today", "Yesterday", a weekday within the week, else the date. */
export function day(at: number, now: number): string {
  const days = Math.round((midnight(now) - midnight(at)) / (24 * HOUR));
  if (days <= 0) return words.today;
  if (days === 1) return words.yesterday;
  return new Intl.DateTimeFormat(
    region,
    days < 7 ? { weekday: "long" } : { day: "numeric", month: "long", year: "numeric" },
  ).format(at);
}

/** A day of the coming week and the time on it. */
export function moment(at: number): string {
  return new Intl.DateTimeFormat(region, { weekday: "long", hour: "numeric", minute: "2-digit" }).format(at);
}

export function sameDay(a: number, b: number): boolean {
  return midnight(a) === midnight(b);
}

export function fileSize(bytes: number): string {
  const [value, unit] = bytes < 1_000_000 ? [Math.max(bytes / 1000, 0.1), "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(region, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}
