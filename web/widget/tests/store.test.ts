import { describe, expect, it } from "vitest";
import { groupsOf, linesOf, spentButtons } from "../src/lines";
import { awaitsAnswer, INITIAL, leavesGap, merge, received, told, unread } from "../src/store";
import { message, outgoing, payload } from "./factories";

describe("merge", () => {
  it("orders by seq and keeps each message once", () => {
    const [one, two, three] = [message(1), message(2), message(3)];
    const merged = merge(merge([], [three, one]), [two, one, three]);
    expect(merged.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it("keeps the newest copy", () => {
    const merged = merge([message(1, { text: "old" })], [message(1, { text: "new" })]);
    expect(merged.map(({ text }) => text)).toEqual(["new"]);
  });
});

describe("received", () => {
  it("takes from the outbox what has arrived, by client id", () => {
    const state = { ...INITIAL, outbox: [outgoing("a"), outgoing("b")] };
    const change = received(state, [message(1, { author: "customer", clientId: "a" })]);
    expect(change.outbox?.map(({ clientId }) => clientId)).toEqual(["b"]);
  });

  it("ends the typing mark when the other side has spoken, not when the customer has", () => {
    const state = { ...INITIAL, typing: { author: "bot" as const, name: null } };
    expect(received(state, [message(1, { author: "customer" })])).not.toHaveProperty("typing");
    expect(received(state, [message(2)])).toHaveProperty("typing", null);
  });
});

it("sees a gap only past the next number", () => {
  const state = { ...INITIAL, frontier: 4 };
  expect(leavesGap(state, message(4))).toBe(false);
  expect(leavesGap(state, message(5))).toBe(false);
  expect(leavesGap(state, message(6))).toBe(true);
});

describe("told", () => {
  it("changes only what was said", () => {
    expect(told(INITIAL, {})).toEqual({});
    expect(told(INITIAL, { verified: true })).toEqual({ verified: true });
  });

  it("lets a reopened conversation be graded again", () => {
    const graded = { ...INITIAL, status: "resolved" as const, rating: "done" as const };
    expect(told(graded, { status: "open" }).rating).toBe("none");
    expect(told(graded, { status: "resolved" }).rating).toBeUndefined();
  });
});

describe("unread", () => {
  it("counts what others wrote since the customer looked or wrote", () => {
    const messages = [message(1), message(2, { author: "customer" }), message(3), message(4, { author: "agent" })];
    expect(unread({ ...INITIAL, messages })).toBe(2);
    expect(unread({ ...INITIAL, messages, seen: 3 })).toBe(1);
    expect(unread({ ...INITIAL, messages, seen: 4 })).toBe(0);
  });
});

it("awaits an answer from the assistant alone", () => {
  const asked = { ...INITIAL, messages: [message(1, { author: "customer" })] };
  expect(awaitsAnswer(asked)).toBe(true);
  expect(awaitsAnswer({ ...asked, owner: { kind: "agent", name: "Ada" } })).toBe(false);
  expect(awaitsAnswer({ ...asked, messages: [...asked.messages, message(2)] })).toBe(false);
});

describe("lines", () => {
  it("groups by who speaks, when, and the day", () => {
    const at = (time: string) => `2026-03-0${time}:00`;
    const messages = [
      message(1, { sentAt: at("1T10:00") }),
      message(2, { sentAt: at("1T10:01") }),
      message(3, { sentAt: at("1T10:30") }),
      message(4, { sentAt: at("1T10:31"), author: "agent", name: "Ada" }),
      message(5, { sentAt: at("2T10:31"), author: "agent", name: "Ada" }),
    ];
    const groups = groupsOf(linesOf({ messages, outbox: [] }));
    expect(groups.map(({ lines }) => lines.length)).toEqual([2, 1, 1, 1]);
    expect(groups.map(({ newDay }) => newDay !== null)).toEqual([true, false, false, true]);
  });

  it("keeps a line's key when the gateway has taken it", () => {
    const before = linesOf({ messages: [], outbox: [outgoing("c1")] });
    const after = linesOf({ messages: [message(1, { author: "customer", clientId: "c1" })], outbox: [] });
    expect(after[0]?.key).toBe(before[0]?.key);
  });

  it("spends buttons with the customer's next words and remembers the chosen one", () => {
    const buttons = [
      { title: "Yes", payload: "/affirm" },
      { title: "No", payload: "/deny" },
    ];
    const asked = message(1, { payload: payload({ buttons }) });
    expect(spentButtons(linesOf({ messages: [asked], outbox: [] })).size).toBe(0);
    const pressed = spentButtons(
      linesOf({ messages: [asked], outbox: [outgoing("x", { text: "No", payload: "/deny" })] }),
    );
    expect(pressed.get(asked.id)?.title).toBe("No");
    const ignored = spentButtons(
      linesOf({ messages: [asked, message(2, { author: "customer", text: "hm" })], outbox: [] }),
    );
    expect(ignored.get(asked.id)).toBeNull();
    const taken = spentButtons(linesOf({ messages: [asked, message(2, { author: "agent", text: "Yes" })], outbox: [] }));
    expect(taken.get(asked.id)).toBeNull();
  });
});
