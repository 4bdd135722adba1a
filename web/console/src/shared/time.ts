/** Times as people read them: short beside a row, long for screen readers, exact on hover. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Relative {
  short: string;
  long: string;
}

/** How long ago (or how long something has waited). The future counts as now: clocks differ. */
export function relative(at: Date, now: Date, locale?: string): Relative {
  const elapsed = Math.max(0, now.getTime() - at.getTime());
  if (elapsed < MINUTE) return { short: "now", long: "just now" };
  if (elapsed < HOUR) return ago(Math.floor(elapsed / MINUTE), "m", "minute");
  if (elapsed < DAY) return ago(Math.floor(elapsed / HOUR), "h", "hour");
  if (elapsed < 7 * DAY) return ago(Math.floor(elapsed / DAY), "d", "day");
  const sameYear = at.getFullYear() === now.getFullYear();
  const short = at.toLocaleDateString(locale, {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  });
  return { short, long: `on ${exact(at, locale)}` };
}

function ago(count: number, unit: string, word: string): Relative {
  return { short: `${count} ${unit}`, long: `${count} ${word}${count === 1 ? "" : "s"} ago` };
}

/** The span of a wait: "4 m", "1 h 20 m", "2 d 3 h". */
export function span(from: Date, to: Date): Relative {
  const minutes = Math.floor(Math.max(0, to.getTime() - from.getTime()) / MINUTE);
  const parts: [number, string, string][] = [
    [Math.floor(minutes / 1440), "d", "day"],
    [Math.floor((minutes % 1440) / 60), "h", "hour"],
    [minutes % 60, "m", "minute"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return { short: "< 1 m", long: "less than a minute" };
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return {
    short: shown.map(([count, unit]) => `${count} ${unit}`).join(" "),
    long: shown.map(([count, , word]) => `${count} ${word}${count === 1 ? "" : "s"}`).join(" "),
  };
}

export function exact(at: Date, locale?: string): string {
  return at.toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
}

export function clock(at: Date, locale?: string): string {
  return at.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
}

export function dateOnly(at: Date, locale?: string): string {
  return at.toLocaleDateString(locale, { day: "numeric", month: "short", year: "numeric" });
}

/** The line between two days of a conversation. */
export function dayLabel(at: Date, now: Date, locale?: string): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return at.toLocaleDateString(locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(at.getFullYear() === now.getFullYear() ? {} : { year: "numeric" }),
  });
}

export function sameDay(one: Date, other: Date): boolean {
  return startOfDay(one) === startOfDay(other);
}

function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}
