import { describe, expect, it } from "vitest";
import { readConfig, subjectOf } from "../src/config";
import { readAbout, readFrame, readMessage, readSession } from "../src/protocol";
import { identity } from "./factories";

describe("readMessage", () => {
  it("refuses what cannot be ordered or shown", () => {
    for (const bad of [null, 1, "x", [], {}, { id: "a", seq: "1", author: "bot" }, { id: "a", seq: 1, author: "root" }]) {
      expect(readMessage(bad)).toBeNull();
    }
  });

  it("drops the parts of a payload that make no sense, and keeps the rest", () => {
    const read = readMessage({
      id: "a",
      seq: 1,
      author: "bot",
      text: "x",
      payload: {
        buttons: [{ title: "Yes", payload: "/affirm" }, { payload: "/x" }, 7],
        cards: [{ kind: "order", title: "KF-1", status: { label: "Late", tone: "pink" }, facts: [{ label: "a" }] }, {}],
        links: "no",
      },
    });
    expect(read?.payload?.buttons).toEqual([{ title: "Yes", payload: "/affirm" }]);
    expect(read?.payload?.cards).toHaveLength(1);
    expect(read?.payload?.cards[0]).toMatchObject({ facts: [], status: { label: "Late", tone: "neutral" } });
    expect(read?.payload?.links).toEqual([]);
  });
});

it("reads how the conversation stands from a session, a list and a frame alike", () => {
  const whole = { owner: { kind: "agent", name: "Ada" }, status: "open", verified: true, queue_position: null, rated: false };
  expect(readAbout(whole)).toMatchObject({ owner: { kind: "agent", name: "Ada" }, status: "open", verified: true });
  expect(readAbout({ kind: "bot", name: null }).owner).toEqual({ kind: "bot", name: null });
  expect(readAbout({ position: 3 })).toEqual({ queuePosition: 3 });
  expect(readAbout({ status: "strange" })).toEqual({});
});

it("reads frames and sessions, and nothing else", () => {
  expect(readFrame('{"type":"typing","data":{"on":true}}')).toEqual({ type: "typing", data: { on: true } });
  for (const bad of ["{", "[]", '{"type":1}', new ArrayBuffer(1)]) expect(readFrame(bad)).toBeNull();
  expect(readSession({ session_token: "t" })).toBeNull();
});

describe("config", () => {
  const tag = (data: Record<string, string>, src = "https://desk.example/widget/kefu-widget.js") => {
    const script = document.createElement("script");
    script.setAttribute("src", src);
    Object.assign(script.dataset, data);
    return script;
  };

  it("asks the gateway that served the script, unless told otherwise", () => {
    expect(readConfig(tag({ siteKey: "shop" })).api).toBe("https://desk.example");
    expect(readConfig(tag({ siteKey: "shop", api: "https://api.example/base/" })).api).toBe("https://api.example/base");
  });

  it("tells people apart by the identity's subject", () => {
    expect(subjectOf(identity("c-1"))).toBe("c-1");
    expect(subjectOf(identity("ü-2"))).not.toBe("");
    expect(subjectOf("garbage")).toBe("garbage");
    expect(subjectOf("")).toBe("");
  });
});
