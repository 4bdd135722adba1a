/** Promised times: minutes of business time in the store, hours and days for people. */

const HOUR = 60;

/** 90 as "1 h 30 m"; null promises nothing. */
export function promise(minutes: number | null): string {
  if (minutes === null) return "not promised";
  const hours = Math.floor(minutes / HOUR);
  const rest = minutes % HOUR;
  return [hours > 0 && `${hours} h`, rest > 0 && `${rest} m`].filter(Boolean).join(" ");
}

/** "1:30", "1h30", "1.5 h", "90 m" or "90" as minutes; null when blank, NaN when it is no time. */
export function readMinutes(typed: string): number | null {
  const plain = typed.trim().toLowerCase().replace(",", ".");
  if (plain === "") return null;
  const parts =
    /^(?:(\d+):(\d{2}))$/.exec(plain) ??
    /^(?:(\d+(?:\.\d+)?)\s*h(?:ours?)?)?\s*(?:(\d+)\s*(?:m(?:in(?:utes?)?)?)?)?$/.exec(plain);
  if (!parts || (parts[1] === undefined && parts[2] === undefined)) return Number.NaN;
  return Math.round(Number(parts[1] ?? 0) * HOUR + Number(parts[2] ?? 0));
}

/** The time as it stands in a field. */
export function writeMinutes(minutes: number | null): string {
  return minutes === null ? "" : promise(minutes);
}
