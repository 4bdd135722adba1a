/** Days in a deal's life, in words. */

const DAY = 86_400_000;

/** "3 d here": how long something has been where it is. */
export function daysIn(since: string, now: Date): string {
  const days = Math.max(0, Math.floor((now.getTime() - new Date(since).getTime()) / DAY));
  return days === 0 ? "since today" : `${days} d here`;
}

/** A calendar day (2026-03-01) as the reader's own, not as midnight in Greenwich. */
export function localDay(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date);
}

/** The day written as the store takes it. */
export function storedDay(at: Date): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** "closes 12 Mar", or since when it should have been closed. */
export function closeWords(day: string | null, now: Date, locale?: string): { text: string; late: boolean } | null {
  if (day === null) return null;
  const at = localDay(day);
  const late = at.getTime() + DAY <= now.getTime();
  const shown = at.toLocaleDateString(locale, {
    day: "numeric",
    month: "short",
    ...(at.getFullYear() === now.getFullYear() ? {} : { year: "numeric" }),
  });
  return { text: late ? `was due ${shown}` : `closes ${shown}`, late };
}

/** When a task is due: its day, and the time on the day itself. */
export function dueWords(at: string | null, now: Date, locale?: string): { text: string; late: boolean } {
  if (at === null) return { text: "some day", late: false };
  const due = new Date(at);
  const time = due.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  const days = Math.round((startOf(due) - startOf(now)) / DAY);
  const late = due.getTime() < now.getTime();
  if (days === 0) return { text: `today ${time}`, late };
  if (days === 1) return { text: `tomorrow ${time}`, late };
  if (days === -1) return { text: `yesterday ${time}`, late };
  return { text: due.toLocaleDateString(locale, { weekday: "short", day: "numeric", month: "short" }), late };
}

function startOf(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}
