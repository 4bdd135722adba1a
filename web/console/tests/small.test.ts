import { describe, expect, it } from "vitest";
import { toCsv } from "../src/insights/csv";
import { byPeriod } from "../src/insights/periods";
import { readFrame } from "../src/live/frames";
import { LiveStore } from "../src/live/store";
import { delayBefore } from "../src/live/socket";
import { money, share } from "../src/shared/numbers";
import { humanise, initials, mood } from "../src/shared/words";
import { match } from "../src/shell/shortcuts";

describe("words", () => {
  it("names are said as people say them", () => {
    expect(humanise("order_status")).toBe("Order status");
    expect(initials("Maximiliane-Charlotte von Berg")).toBe("MB");
    expect(initials("ليلى الحسيني")).toBe("لا");
    expect(initials("  ")).toBe("?");
  });

  it("a mood has a word for every valence", () => {
    expect([-1, -0.4, 0, 0.4, 1].map((valence) => mood(valence).label)).toEqual([
      "very negative",
      "negative",
      "neutral",
      "positive",
      "very positive",
    ]);
  });

  it("percentages have their base, money its currency", () => {
    expect(share(538, 1280, "chats", "en")).toBe("42 % of 1,280 chats");
    expect(share(0, 0, "chats", "en")).toBe("no chats yet");
    expect(money(24900, "EUR", "en")).toBe("€249.00");
    expect(money(24900, "not a code", "en")).toBe("249.00 not a code");
  });
});

describe("shortcuts", () => {
  const single = { keys: "c", run: () => undefined };
  const pair = { keys: "g c", run: () => undefined };

  it("a pair wins over its own second key", () => {
    expect(match([single, pair], "g", "c")).toBe(pair);
    expect(match([single, pair], "", "c")).toBe(single);
    expect(match([single, pair], "x", "c")).toBe(single);
    expect(match([single, pair], "", "g")).toBeUndefined();
  });
});

describe("periods of a chart", () => {
  it("leave no day out", () => {
    const days = [
      { day: "2026-03-28", chats: 2 },
      { day: "2026-03-31", chats: 1 },
    ];
    expect(byPeriod(days, ["chats"])).toEqual({
      unit: "day",
      items: [
        { day: "2026-03-28", chats: 2 },
        { day: "2026-03-29", chats: 0 },
        { day: "2026-03-30", chats: 0 },
        { day: "2026-03-31", chats: 1 },
      ],
    });
  });

  it("become weeks when there are too many days, and lose nothing", () => {
    const days = Array.from({ length: 100 }, (_, index) => ({
      day: new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
      chats: 1,
    }));
    const { unit, items } = byPeriod(days, ["chats"]);
    expect(unit).toBe("week");
    expect(items).toHaveLength(15);
    expect(items.reduce((sum, item) => sum + item.chats, 0)).toBe(100);
  });

  it("are none without days", () => {
    expect(byPeriod([], ["chats"])).toEqual({ unit: "day", items: [] });
  });
});

it("CSV quotes what needs it and disarms formulas", () => {
  expect(toCsv(["a", "b"], [['say "hi", you', null], ["=1+1", 2.5]])).toBe(
    'a,b\r\n"say ""hi"", you",\r\n\'=1+1,2.5\r\n',
  );
});

describe("the live socket", () => {
  it("ignores what is no frame of ours", () => {
    for (const raw of ["", "[]", "{", '{"type":"queue"}', '{"type":"other","data":{}}', null]) {
      expect(readFrame(raw)).toBeNull();
    }
    const typing = '{"type":"typing","conversation_id":"c","data":{"author":"customer","on":true}}';
    expect(readFrame(typing)).toEqual({ type: "typing", conversationId: "c", author: "customer", on: true });
  });

  it("hears who is there, one by one and all at once", () => {
    const gone = '{"type":"presence","conversation_id":"c","data":{"author":"customer","online":false}}';
    expect(readFrame(gone)).toEqual({ type: "presence", staff: [], customers: ["c"], online: false });
    const all =
      '{"type":"presence","conversation_id":null,"data":{"users":[{"id":"u","name":"Ann"}],"conversations":["c"],"online":true}}';
    const everybody = { type: "presence", staff: [{ id: "u", name: "Ann" }], customers: ["c"], online: true } as const;
    expect(readFrame(all)).toEqual(everybody);
    const store = new LiveStore();
    store.setPresence(everybody.staff, everybody.customers, true);
    expect(store.read().customers.has("c")).toBe(true);
    store.setPresence([], ["c"], false);
    expect(store.read().customers.has("c")).toBe(false);
    expect(store.read().online.get("u")).toBe("Ann");
  });

  it("waits longer each time, up to a limit, and not in step with others", () => {
    expect(delayBefore(0, 0)).toBe(250);
    expect(delayBefore(0, 1)).toBe(500);
    expect(delayBefore(3, 1)).toBe(4000);
    expect(delayBefore(50, 1)).toBe(20_000);
  });
});
