import { describe, expect, it } from "vitest";
import { dayLabel, relative, span } from "../src/shared/time";

const NOW = new Date(2026, 2, 10, 12, 0, 0);
const before = (ms: number) => new Date(NOW.getTime() - ms);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("how long ago", () => {
  it.each([
    [30_000, "now", "just now"],
    [-5 * MINUTE, "now", "just now"],
    [MINUTE, "1 m", "1 minute ago"],
    [59 * MINUTE, "59 m", "59 minutes ago"],
    [HOUR, "1 h", "1 hour ago"],
    [25 * HOUR, "1 d", "1 day ago"],
    [6 * 24 * HOUR, "6 d", "6 days ago"],
  ])("%d ms", (elapsed, short, long) => {
    expect(relative(before(elapsed), NOW)).toEqual({ short, long });
  });

  it("names the date after a week, with the year when it is another", () => {
    expect(relative(new Date(2026, 1, 1), NOW, "en-GB").short).toBe("1 Feb");
    expect(relative(new Date(2025, 1, 1), NOW, "en-GB").short).toBe("1 Feb 2025");
  });
});

describe("how long a wait is", () => {
  it.each([
    [10_000, "< 1 m", "less than a minute"],
    [4 * MINUTE, "4 m", "4 minutes"],
    [HOUR + 20 * MINUTE, "1 h 20 m", "1 hour 20 minutes"],
    [2 * HOUR, "2 h", "2 hours"],
    [51 * HOUR + 10 * MINUTE, "2 d 3 h", "2 days 3 hours"],
  ])("%d ms", (waited, short, long) => {
    expect(span(before(waited), NOW)).toEqual({ short, long });
  });
});

it("days are named as people name them", () => {
  expect(dayLabel(NOW, NOW)).toBe("Today");
  expect(dayLabel(new Date(2026, 2, 9, 23, 59), NOW)).toBe("Yesterday");
  expect(dayLabel(new Date(2026, 2, 2), NOW, "en-GB")).toBe("Monday 2 March");
});
