/** A calendar while it is edited: hours as they are typed. */
import type { CalendarView, NewCalendar, Week } from "../../api/types";
import { DAYS, type Day, hoursText, readHours } from "./hours";

export interface OwnDay {
  key: string;
  day: string;
  name: string;
  hours: string;
}

export interface CalendarDraft {
  name: string;
  time_zone: string;
  week: Record<Day, string>;
  country: string | null;
  subdivision: string | null;
  is_default: boolean;
  days: OwnDay[];
}

const OFFICE = "09:00–18:00";

/** The usual week in the reader's own zone. */
export function blankDraft(isFirst: boolean): CalendarDraft {
  const open = (day: Day) => (day === "sat" || day === "sun" ? "closed" : OFFICE);
  return {
    name: "",
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    week: Object.fromEntries(DAYS.map((day) => [day, open(day)])) as Record<Day, string>,
    country: null,
    subdivision: null,
    is_default: isFirst,
    days: [],
  };
}

export function draftOf(calendar: CalendarView): CalendarDraft {
  return {
    name: calendar.name,
    time_zone: calendar.time_zone,
    week: Object.fromEntries(DAYS.map((day) => [day, hoursText(calendar.hours[day] ?? [])])) as Record<Day, string>,
    country: calendar.country ?? null,
    subdivision: calendar.subdivision ?? null,
    is_default: calendar.is_default,
    days: (calendar.days ?? []).map(({ day, name, hours }) => ({
      key: day,
      day,
      name,
      hours: hoursText(hours ?? []),
    })),
  };
}

/** The calendar that a draft stands for; null while something in it cannot be read. */
export function calendarOf(draft: CalendarDraft): NewCalendar | null {
  const week: Week = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
  for (const day of DAYS) {
    const hours = readHours(draft.week[day]);
    if (hours === null) return null;
    week[day] = hours;
  }
  if (DAYS.every((day) => (week[day] ?? []).length === 0)) return null;
  const days = draft.days.map(({ day, name, hours }) => ({ day, name: name.trim(), hours: readHours(hours) }));
  if (days.some(({ day, hours }) => !day || hours === null)) return null;
  if (new Set(days.map(({ day }) => day)).size < days.length) return null;
  return {
    name: draft.name.trim() || "Unnamed",
    time_zone: draft.time_zone,
    hours: week,
    country: draft.country,
    subdivision: draft.subdivision,
    is_default: draft.is_default,
    days: days.map((one) => ({ ...one, hours: one.hours ?? [] })),
  };
}

/** A stored calendar as one that could be sent. */
export function asDraft(calendar: CalendarView): NewCalendar {
  const { name, time_zone, hours, country, subdivision, is_default, days } = calendar;
  return { name, time_zone, hours, country: country ?? null, subdivision: subdivision ?? null, is_default, days: days ?? [] };
}
