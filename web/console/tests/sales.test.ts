import { describe, expect, it } from "vitest";
import type { BoardView, OpportunityView, SalesReport } from "../src/api/types";
import { find, moved, replaced } from "../src/sales/board";
import { closeWords, daysIn, dueWords, storedDay } from "../src/sales/days";
import { readBoard, readLeads, readReport, readTasks } from "../src/sales/filters";
import { funnelFinding, lostFinding, monthName, velocityFinding } from "../src/sales/findings";
import { readAmount, writeAmount } from "../src/sales/money";
import { taskFilter } from "../src/sales/queries";

const NOW = "2026-03-02T12:00:00Z";

function card(id: string, stage: string, amount: number, more: Partial<OpportunityView> = {}): OpportunityView {
  return {
    id,
    name: id,
    stage_id: stage,
    amount_minor: amount,
    currency: "EUR",
    probability: 10,
    own_probability: null,
    status: "open",
    closed_at: null,
    stage_since: NOW,
    ...more,
  } as OpportunityView;
}

function board(): BoardView {
  const column = (id: string, kind: "open" | "won" | "lost", probability: number, items: OpportunityView[]) => ({
    stage: { id, name: id, position: 0, kind, probability },
    count: items.length,
    amount_minor: items.filter((one) => one.currency === "EUR").reduce((sum, one) => sum + one.amount_minor, 0),
    weighted_minor: items.reduce((sum, one) => sum + Math.round((one.amount_minor * one.probability) / 100), 0),
    in_other_currencies: items.filter((one) => one.currency !== "EUR").length,
    items,
    next_cursor: null,
  });
  return {
    pipeline: { id: "p", name: "P", currency: "EUR" },
    columns: [
      column("new", "open", 10, [card("a", "new", 1000), card("b", "new", 500, { probability: 90, own_probability: 90 })]),
      column("offer", "open", 50, [card("c", "offer", 2000, { probability: 50 })]),
      column("won", "won", 100, []),
    ],
  } as unknown as BoardView;
}

describe("a move on the board", () => {
  it("takes the card and its money along", () => {
    const after = moved(board(), "b", "offer", NOW);
    expect(after.columns.map((one) => [one.count, one.amount_minor, one.weighted_minor])).toEqual([
      [1, 1000, 100],
      [2, 2500, 1250],
      [0, 0, 0],
    ]);
    expect(after.columns[1]?.items[0]).toMatchObject({ id: "b", probability: 50, own_probability: null });
  });

  it("keeps the whole, whatever moves where", () => {
    for (const id of ["a", "b", "c"]) {
      for (const stage of ["new", "offer", "won"]) {
        const after = moved(board(), id, stage, NOW);
        expect(after.columns.reduce((sum, one) => sum + one.count, 0)).toBe(3);
        expect(after.columns.reduce((sum, one) => sum + one.amount_minor, 0)).toBe(3500);
        expect(find(after, id)?.column.stage.id).toBe(stage);
      }
    }
  });

  it("closes what is won, and opens it again", () => {
    const won = moved(board(), "a", "won", NOW);
    expect(find(won, "a")?.card).toMatchObject({ status: "won", closed_at: NOW });
    expect(find(moved(won, "a", "new", NOW), "a")?.card).toMatchObject({ status: "open", closed_at: null });
  });

  it("changes nothing when there is nothing to move", () => {
    const before = board();
    expect(moved(before, "a", "new", NOW)).toBe(before);
    expect(moved(before, "z", "new", NOW)).toBe(before);
    expect(moved(before, "a", "nowhere", NOW)).toBe(before);
  });

  it("leaves other currencies out of the sums", () => {
    const before = board();
    before.columns[0]?.items.push(card("d", "new", 700, { currency: "USD" }));
    const after = moved(before, "d", "offer", NOW);
    expect(after.columns[1]?.amount_minor).toBe(2000);
    expect(after.columns[1]?.in_other_currencies).toBe(1);
  });

  it("takes the store's version of a card", () => {
    const after = replaced(board(), card("a", "new", 1000, { version: 7 }));
    expect(find(after, "a")?.card.version).toBe(7);
  });
});

describe("amounts as people type them", () => {
  it.each([
    ["1299", 129_900],
    ["1,299.00", 129_900],
    ["1.299,00", 129_900],
    ["1.299", 129_900],
    ["1299,5", 129_950],
    ["€ 12.30", 1_230],
    ["0", 0],
    ["1'000.05", 100_005],
  ])("%s", (typed, minor) => expect(readAmount(typed)).toBe(minor));

  it.each(["", "abc", "-5", "1e5", "12 apples", "9".repeat(16)])("refuses %j", (typed) =>
    expect(readAmount(typed)).toBeNull(),
  );

  it("reads what it has written", () => {
    for (const minor of [0, 5, 99, 100, 129_900, 10 ** 9 + 7]) expect(readAmount(writeAmount(minor))).toBe(minor);
  });
});

describe("days in words", () => {
  const now = new Date(2026, 2, 2, 12, 0);
  it("tells when a deal should close", () => {
    expect(closeWords(null, now)).toBeNull();
    expect(closeWords("2026-03-02", now, "en-GB")).toEqual({ text: "closes 2 Mar", late: false });
    expect(closeWords("2026-03-01", now, "en-GB")).toEqual({ text: "was due 1 Mar", late: true });
    expect(closeWords("2027-01-05", now, "en-GB")).toEqual({ text: "closes 5 Jan 2027", late: false });
    expect(storedDay(now)).toBe("2026-03-02");
  });
  it("tells when a task is due", () => {
    const at = (day: number, hour: number) => new Date(2026, 2, day, hour).toISOString();
    expect(dueWords(null, now).text).toBe("some day");
    expect(dueWords(at(2, 15), now, "en-GB")).toEqual({ text: "today 15:00", late: false });
    expect(dueWords(at(2, 9), now, "en-GB")).toEqual({ text: "today 09:00", late: true });
    expect(dueWords(at(1, 9), now, "en-GB")).toEqual({ text: "yesterday 09:00", late: true });
    expect(dueWords(at(3, 9), now, "en-GB").text).toBe("tomorrow 09:00");
    expect(daysIn(new Date(2026, 1, 27).toISOString(), now)).toBe("3 d here");
  });
});

describe("the address", () => {
  it("keeps what is known and drops the rest", () => {
    expect(readLeads({ q: "Ann", status: "new", owner: "boss", sort: "password" })).toEqual({ q: "Ann", status: "new" });
    expect(readBoard({ owner: "me", q: 5 })).toEqual({ owner: "me" });
    expect(readTasks({ view: "today" })).toEqual({ view: "today" });
    expect(readReport({ days: 90 })).toEqual({ days: 90 });
    expect(readReport({ days: 91 })).toEqual({});
  });
  it("means the reader's own day by today", () => {
    const now = new Date(2026, 2, 2, 23, 30);
    const today = taskFilter("today", now) as { due_from: string; due_before: string };
    expect(new Date(today.due_from).getTime()).toBe(new Date(2026, 2, 2).getTime());
    expect(new Date(today.due_before).getTime()).toBe(new Date(2026, 2, 3).getTime());
  });
});

describe("titles that say the finding", () => {
  const stage = (name: string, advanced: number, lost: number, days: number | null) =>
    ({
      name,
      advanced,
      lost_from: lost,
      conversion: advanced + lost ? advanced / (advanced + lost) : null,
      median_days: days,
    }) as SalesReport["stages"][number];
  it("names where most are lost and where they stay longest", () => {
    const stages = [stage("New", 9, 1, 3), stage("Offer", 2, 3, 12.5)];
    expect(funnelFinding(stages)).toBe("Most are lost in Offer: 40 % go on");
    expect(velocityFinding(stages)).toBe("They stay longest in Offer: 12.5 days");
  });
  it("asks when there is nothing to say", () => {
    expect(funnelFinding([stage("New", 1, 0, null)])).toMatch(/\?$/);
    expect(velocityFinding([])).toMatch(/\?$/);
    expect(lostFinding([])).toMatch(/\?$/);
    expect(monthName(null)).toBe("Overdue or no day");
  });
});
