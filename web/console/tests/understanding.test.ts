import { describe, expect, it } from "vitest";
import { readPayload, safeUrl } from "../src/inbox/payload";
import { readBrief } from "../src/inbox/readBrief";
import { understanding } from "../src/inbox/understanding";

describe("what was understood", () => {
  it("is read from the assistant's parse", () => {
    const found = understanding({
      intent: "order_status",
      confidence: 0.91,
      ranking: [
        { name: "order_status", confidence: 0.91 },
        { name: "delivery_delayed", confidence: 0.06 },
        { name: "greet", confidence: 0.001 },
      ],
      entities: [
        { entity: "order_number", value: "KF-1" },
        { entity: "order_number", value: "KF-1" },
      ],
      sentiment: { label: "negative", score: 0.8, valence: -0.7 },
    });
    expect(found?.intent).toEqual({
      name: "order_status",
      confidence: 0.91,
      others: "Delivery delayed 6 %",
    });
    expect(found?.mood?.mood.label).toBe("very negative");
    expect(found?.entities).toEqual([{ entity: "order_number", value: "KF-1" }]);
  });

  it("is nothing when there is no parse, and partial when the parse is", () => {
    expect(understanding(null)).toBeNull();
    expect(understanding({ intent: { name: "greet", confidence: 0.5 }, entities: "odd" })).toEqual({
      intent: { name: "greet", confidence: 0.5, others: "" },
      mood: null,
      entities: [],
    });
  });
});

describe("the handoff brief", () => {
  it("names each intent once, in the order of the last time it was asked", () => {
    const brief = readBrief({
      asked: [
        { intent: "order_status", entities: [{ value: "KF-1" }] },
        { intent: "greet", entities: [] },
        { intent: "order_status", entities: [{ value: "KF-2" }] },
      ],
      tried: ["action_look_up_order", "utter_greet", "action_look_up_order"],
      sentiment: [{ valence: 0.1 }, { label: "negative", valence: null }],
      assistant: { goal: "order_status", order_number: "KF-2", tried: ["x"] },
    });
    expect(brief.asked).toEqual([
      { intent: "greet", entities: [] },
      { intent: "order_status", entities: ["KF-1", "KF-2"] },
    ]);
    expect(brief.tried).toEqual(["Look up order"]);
    expect(brief.moods.map(({ label }) => label)).toEqual(["neutral", "negative"]);
    expect(brief.noted).toEqual([
      { label: "Goal", value: "Order status" },
      { label: "Order number", value: "KF-2" },
    ]);
  });
});

describe("what comes with a message", () => {
  it("loses links that are not addresses of pages", () => {
    expect(safeUrl("javascript:alert(1)")).toBe("");
    expect(safeUrl("//elsewhere.example")).toBe("");
    expect(safeUrl("/shop/p/tent")).toBe("/shop/p/tent");
    expect(readPayload({ links: [{ title: "x", url: "data:text/html,x" }] }).links).toEqual([]);
  });

  it("is empty for anything odd", () => {
    expect(readPayload("nonsense")).toEqual({ buttons: [], cards: [], links: [], chosen: false, attachment: null });
  });
});
