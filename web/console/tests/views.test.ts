import { describe, expect, it } from "vitest";
import { belongs, countOf, place, viewOf } from "../src/inbox/views";
import { row } from "./made";

const ME = "me";
const waiting = viewOf("waiting");
const open = viewOf("open");
const ids = (pages: { items: { id: string }[] }[]) => pages.map((page) => page.items.map(({ id }) => id));

describe("a view", () => {
  it("holds what its filter says", () => {
    const mine = row("a", { owner: { kind: "agent", user: { id: ME, name: "Me" } } });
    const theirs = row("b", { owner: { kind: "agent", user: { id: "other", name: "Other" } } });
    expect(belongs(mine, viewOf("mine"), ME)).toBe(true);
    expect(belongs(theirs, viewOf("mine"), ME)).toBe(false);
    expect(belongs(theirs, open, ME)).toBe(true);
    expect(belongs(row("c", { status: "resolved" }), open, ME)).toBe(false);
    expect(belongs(row("c"), waiting, ME)).toBe(true);
  });

  it("falls back to the queue for a name it does not know", () => {
    expect(viewOf("nonsense").name).toBe("waiting");
  });
});

describe("a changed conversation", () => {
  const first = row("first", { queued_at: "2026-03-01T08:00:00Z" });
  const second = row("second", { queued_at: "2026-03-01T09:00:00Z" });

  it("takes its place by how long it has waited", () => {
    const pages = [{ items: [first, second], next_cursor: null }];
    const between = row("between", { queued_at: "2026-03-01T08:30:00Z" });
    expect(ids(place(pages, between, waiting, ME))).toEqual([["first", "between", "second"]]);
  });

  it("moves up with a new message where the newest stand first", () => {
    const pages = [
      {
        items: [
          row("a", { last_message_at: "2026-03-01T12:00:00Z" }),
          row("b", { last_message_at: "2026-03-01T11:00:00Z" }),
        ],
        next_cursor: null,
      },
    ];
    const written = row("b", { last_message_at: "2026-03-01T13:00:00Z" });
    expect(ids(place(pages, written, open, ME))).toEqual([["b", "a"]]);
  });

  it("leaves a view where it no longer belongs", () => {
    const pages = [{ items: [first, second], next_cursor: null }];
    const claimed = { ...first, owner: { kind: "agent" as const, user: { id: ME, name: "Me" } } };
    expect(ids(place(pages, claimed, waiting, ME))).toEqual([["second"]]);
  });

  it("is left to a later page when it sorts behind everything loaded", () => {
    const late = row("late", { queued_at: "2026-03-01T23:00:00Z" });
    expect(ids(place([{ items: [first], next_cursor: "more" }], late, waiting, ME))).toEqual([["first"]]);
    expect(ids(place([{ items: [first], next_cursor: null }], late, waiting, ME))).toEqual([["first", "late"]]);
  });

  it("fills an empty view", () => {
    expect(ids(place([{ items: [], next_cursor: null }], first, waiting, ME))).toEqual([["first"]]);
  });
});

it("counts say when there are more than are loaded", () => {
  expect(countOf(undefined)).toBe("");
  expect(countOf([{ items: [row("a")], next_cursor: null }])).toBe("1");
  expect(countOf([{ items: [row("a")], next_cursor: "x" }])).toBe("1+");
});
