import { describe, expect, it } from "vitest";
import type { CannedReply, TicketClock } from "../src/api/types";
import { readFrame } from "../src/live/frames";
import { lookedFor, matching } from "../src/replies/match";
import { readFilters } from "../src/tickets/filters";
import { tell } from "../src/tickets/history";
import { mainClock, promised } from "../src/tickets/sla";

const NOW = new Date("2026-11-26T10:00:00Z");

function clock(change: Partial<TicketClock>): TicketClock {
  return {
    kind: "resolution",
    state: "running",
    target_minutes: 60,
    spent_seconds: 0,
    due_at: "2026-11-26T12:30:00Z",
    stopped_at: null,
    breached_at: null,
    ...change,
  };
}

describe("promises", () => {
  it("each state has its own words and icon", () => {
    const shown = [
      clock({}),
      clock({ due_at: "2026-11-26T10:20:00Z" }),
      clock({ due_at: "2026-11-26T09:00:00Z", breached_at: "2026-11-26T09:00:00Z" }),
      clock({ state: "paused", due_at: null }),
      clock({ state: "stopped", due_at: null }),
      clock({ state: "stopped", due_at: null, breached_at: "2026-11-26T09:00:00Z" }),
    ].map((one) => promised(one, NOW));
    expect(shown.map(({ label }) => label)).toEqual([
      "due in 2 h 30 m",
      "due in 20 m",
      "late by 1 h",
      "paused",
      "kept",
      "kept late",
    ]);
    expect(new Set(shown.map(({ icon, label }) => `${icon} ${label.split(" ")[0]}`)).size).toBe(5);
    expect(shown.map(({ tone }) => tone)).toEqual(["neutral", "warn", "bad", "neutral", "good", "bad"]);
  });

  it("the clock that is due first stands in the row", () => {
    const first = clock({ kind: "first_response", due_at: "2026-11-26T11:00:00Z" });
    expect(mainClock([clock({}), first])).toBe(first);
    const paused = clock({ state: "paused", due_at: null });
    expect(mainClock([clock({ state: "stopped", due_at: null }), paused])).toBe(paused);
    expect(mainClock([])).toBeNull();
  });
});

describe("filters", () => {
  it("what is not ours is dropped", () => {
    expect(readFilters({ status: "open", sort: "due_at", q: "zip", type: "spam", x: 1 })).toEqual({
      status: "open",
      sort: "due_at",
      q: "zip",
    });
    expect(readFilters({ sort: "-created_at", assignee: null })).toEqual({});
  });
});

describe("canned replies", () => {
  const reply = (shortcut: string, title: string): CannedReply => ({
    id: shortcut,
    shortcut,
    title,
    text: "",
    version: 1,
  });

  it("are looked for by a slash that begins the text", () => {
    expect(["/", "/Bye", "/a b", "x /bye", ""].map(lookedFor)).toEqual(["", "bye", null, null, null]);
  });

  it("shortcuts come before titles", () => {
    const known = [reply("hello", "Say goodbye later"), reply("bye", "Farewell")];
    expect(matching(known, "bye").map(({ shortcut }) => shortcut)).toEqual(["bye", "hello"]);
  });
});

describe("history and frames", () => {
  it("events are sentences", () => {
    const event = { version: 1, actor: "agent" as const, user: { id: "1", name: "Ann" }, at: "" };
    const data = { from: "open", to: "solved" };
    expect(tell({ ...event, kind: "status", data })).toBe("Ann set it from open to solved");
    expect(tell({ ...event, kind: "priority", data })).toBe("Ann changed the priority from “open” to “solved”");
    expect(tell({ ...event, kind: "sla_breached", user: null, actor: "system", data: { clock: "resolution" } })).toBe(
      "The resolution is late",
    );
  });

  it("a frame without a ticket is none", () => {
    expect(readFrame(JSON.stringify({ type: "ticket", data: {} }))).toBeNull();
    const frame = { type: "ticket", data: { ticket: { number: "T-1" }, event: "sla_breached" } };
    expect(readFrame(JSON.stringify(frame))).toMatchObject({ type: "ticket", event: "sla_breached" });
  });
});
