import { describe, expect, test } from "vitest";
import type { CalendarView, StageView, Week } from "../src/api/types";
import { calendarOf, draftOf } from "../src/settings/calendars/draft";
import { hoursText, readHours, weekText } from "../src/settings/calendars/hours";
import { added, draftsOf, isSame, problemOf, rowsOf, shifted } from "../src/settings/pipelines/stages";
import { promise, readMinutes, writeMinutes } from "../src/settings/sla/minutes";

describe("hours", () => {
  test.each([
    ["9-12:30, 13.30–18", [["09:00", "12:30"], ["13:30", "18:00"]]],
    ["13:30 to 18; 9 to 12", [["09:00", "12:00"], ["13:30", "18:00"]]],
    ["00:00-24:00", [["00:00", "24:00"]]],
    ["closed", []],
    ["  ", []],
    ["9-12, 12-18", [["09:00", "12:00"], ["12:00", "18:00"]]],
  ])("%j is read", (typed, hours) => expect(readHours(typed)).toEqual(hours));

  test.each(["9", "18-9", "9-9", "9-25", "9:70-12", "9-13, 12-18", "24:30-25", "morning", "9-12 13-18"])(
    "%j is no list of hours",
    (typed) => expect(readHours(typed)).toBeNull(),
  );

  test("what is written is read again", () => {
    const hours = [["00:00", "06:15"], ["22:00", "24:00"]];
    expect(readHours(hoursText(hours))).toEqual(hours);
  });

  test("a week is told in as few lines as say it", () => {
    const day = [["09:00", "18:00"]];
    const week: Week = { mon: day, tue: day, wed: day, thu: day, fri: [["09:00", "15:00"]] };
    expect(weekText(week)).toEqual([
      "Monday to Thursday 09:00–18:00",
      "Friday 09:00–15:00",
      "Saturday to Sunday closed",
    ]);
  });
});

describe("a calendar", () => {
  const stored: CalendarView = {
    id: "c",
    version: 3,
    updated_at: "2026-01-01T00:00:00Z",
    name: "Desk",
    time_zone: "Europe/Berlin",
    hours: { mon: [["09:00", "18:00"]], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
    country: "DE",
    subdivision: "BY",
    is_default: true,
    days: [{ day: "2026-12-24", name: "Christmas Eve", hours: [["09:00", "12:00"]] }],
  };

  test("that nobody has changed is sent as it was", () => {
    const { id: _, version: __, updated_at: ___, ...sent } = stored;
    expect(calendarOf(draftOf(stored))).toEqual(sent);
  });

  test("is not sent while something in it cannot be read", () => {
    const draft = draftOf(stored);
    const [own] = draft.days;
    if (!own) throw new Error("the calendar has a day of its own");
    expect(calendarOf({ ...draft, week: { ...draft.week, tue: "9 to 5ish" } })).toBeNull();
    expect(calendarOf({ ...draft, week: { ...draft.week, mon: "closed" } })).toBeNull();
    expect(calendarOf({ ...draft, days: [{ ...own, day: "" }] })).toBeNull();
    expect(calendarOf({ ...draft, days: [own, { ...own, key: "other" }] })).toBeNull();
  });
});

describe("promised times", () => {
  test.each([
    ["90", 90],
    ["90 m", 90],
    ["1:30", 90],
    ["1h30", 90],
    ["1 h 30 min", 90],
    ["1,5 h", 90],
    ["48 h", 2880],
    ["", null],
  ])("%j is read", (typed, minutes) => expect(readMinutes(typed)).toBe(minutes));

  test.each(["soon", "-5", "1 d", "h"])("%j is no time", (typed) => expect(readMinutes(typed)).toBeNaN());

  test("what is written is read again", () => {
    for (const minutes of [1, 59, 60, 61, 1440, 129_600, null]) {
      expect(readMinutes(writeMinutes(minutes))).toBe(minutes);
    }
    expect(promise(null)).toBe("not promised");
  });
});

describe("stages", () => {
  const stages: StageView[] = [
    { id: "new", name: "New", position: 0, kind: "open", probability: 10 },
    { id: "offer", name: "Offer", position: 1, kind: "open", probability: 50 },
    { id: "won", name: "Won", position: 2, kind: "won", probability: 100 },
    { id: "lost", name: "Lost", position: 3, kind: "lost", probability: 0 },
  ];
  const rows = rowsOf(stages);
  const order = (list: readonly { key: string }[]) => list.map((row) => row.key);

  test("change places among those on the way, never with an end", () => {
    expect(order(shifted(rows, "offer", -1))).toEqual(["offer", "new", "won", "lost"]);
    expect(order(shifted(rows, "offer", 1))).toEqual(order(rows));
    expect(order(shifted(rows, "new", -1))).toEqual(order(rows));
  });

  test("a new one comes before the ends and needs a name of its own", () => {
    const more = added(rows, "fresh");
    expect(order(more)).toEqual(["new", "offer", "fresh", "won", "lost"]);
    expect(problemOf(more)).toBe("Every stage needs a name");
    const named = more.map((row) => (row.key === "fresh" ? { ...row, name: "offer " } : row));
    expect(problemOf(named)).toBe("Every stage needs a name of its own");
    expect(problemOf(rows)).toBeNull();
    expect(draftsOf(named)[2]).toEqual({ name: "offer", probability: 50, kind: "open" });
  });

  test("are the same until something differs", () => {
    expect(isSame(rows, stages)).toBe(true);
    expect(isSame(shifted(rows, "offer", -1), stages)).toBe(false);
    expect(isSame(rows.map((row) => ({ ...row, probability: 20 })), stages)).toBe(false);
  });
});
