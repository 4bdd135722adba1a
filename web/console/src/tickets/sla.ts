/** How a promise stands, in words. */
import type { TicketClock } from "../api/types";
import { exact, span } from "../shared/time";
import type { IconName } from "../shared/Icon";
import type { Tone } from "../shared/words";

const SOON_MS = 60 * 60_000;

const NAMES = { first_response: "First response", resolution: "Resolution" } as const;

export interface Promised {
  label: string;
  hint: string;
  icon: IconName;
  tone: Tone;
}

/** The clock that matters most in a row: the one due first, else one that stands, else a late one. */
export function mainClock(clocks: readonly TicketClock[]): TicketClock | null {
  const running = clocks
    .filter((clock) => clock.state === "running")
    .sort((one, other) => (one.due_at ?? "").localeCompare(other.due_at ?? ""));
  return (
    running[0] ??
    clocks.find((clock) => clock.state === "paused") ??
    clocks.find((clock) => clock.breached_at) ??
    clocks.at(-1) ??
    null
  );
}

/** A word, an icon and a tone for a clock; the due time is by the calendar, so it counts real hours. */
export function promised(clock: TicketClock, now: Date): Promised {
  const name = NAMES[clock.kind];
  if (clock.state === "paused") {
    return {
      label: "paused",
      hint: `${name}: the clock stands while the customer has the next move`,
      icon: "pause",
      tone: "neutral",
    };
  }
  if (clock.state === "stopped") {
    return clock.breached_at
      ? {
          label: "kept late",
          hint: `${name} was due on ${exact(new Date(clock.breached_at))}`,
          icon: "warning",
          tone: "bad",
        }
      : { label: "kept", hint: `${name} in time`, icon: "check", tone: "good" };
  }
  const due = new Date(clock.due_at ?? 0);
  const hint = `${name} due on ${exact(due)}`;
  if (due <= now) {
    return { label: `late by ${span(due, now).short}`, hint, icon: "warning", tone: "bad" };
  }
  const soon = due.getTime() - now.getTime() <= SOON_MS;
  return { label: `due in ${span(now, due).short}`, hint, icon: "clock", tone: soon ? "warn" : "neutral" };
}

export function clockName(clock: TicketClock): string {
  return NAMES[clock.kind];
}
