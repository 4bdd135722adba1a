/** Opening hours as the store writes them, read and edited day by day. */
import type { Week } from "../../api/types";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
export type Hours = string[][];

export const DAY_NAMES: Record<Day, string> = {
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
  sun: "Sunday",
};

/** [["09:00", "12:30"]] as "09:00–12:30"; nothing is closed. */
export function hoursText(hours: Hours): string {
  if (hours.length === 0) return "closed";
  return hours.map(([from, to]) => `${from}–${to}`).join(", ");
}

/** "9-12:30, 13:30-18" as intervals; null when it is no list of hours. */
export function readHours(typed: string): Hours | null {
  const plain = typed.trim().toLowerCase();
  if (plain === "" || plain === "closed") return [];
  const found: Hours = [];
  for (const part of plain.split(/[,;]/)) {
    const match = /^\s*(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?:[:.](\d{2}))?\s*$/.exec(part);
    if (!match) return null;
    const from = minutes(match[1], match[2]);
    const to = minutes(match[3], match[4]);
    if (from === null || to === null || from >= to) return null;
    found.push([clock(from), clock(to)]);
  }
  found.sort(([one = ""], [other = ""]) => one.localeCompare(other));
  const overlaps = found.some((interval, index) => {
    const next = found[index + 1];
    return next !== undefined && (interval[1] ?? "") > (next[0] ?? "");
  });
  return overlaps ? null : found;
}

/** The week in as few lines as say it: "Monday to Friday 09:00–18:00". */
export function weekText(week: Week): string[] {
  const lines: { from: Day; to: Day; text: string }[] = [];
  for (const day of DAYS) {
    const text = hoursText(week[day] ?? []);
    const last = lines.at(-1);
    if (last?.text === text) last.to = day;
    else lines.push({ from: day, to: day, text });
  }
  return lines.map(({ from, to, text }) =>
    from === to ? `${DAY_NAMES[from]} ${text}` : `${DAY_NAMES[from]} to ${DAY_NAMES[to]} ${text}`,
  );
}

function minutes(hour: string | undefined, minute: string | undefined): number | null {
  const found = Number(hour) * 60 + Number(minute ?? 0);
  return Number(minute ?? 0) < 60 && found <= 1440 ? found : null;
}

function clock(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
