import { afterEach, describe, expect, it } from "vitest";
import api from "../../api/openapi.json?raw";
import chinese from "../locales/zh-CN.json";
import { speak } from "../src/locale";
import { readMessage } from "../src/protocol";
import { sayingOf } from "../src/saying";

function said(payload: object): string {
  return sayingOf(readMessage({ id: "m", seq: 1, author: "system", text: "in English", payload })?.payload ?? null);
}

/** As the API's description lists them. */
const KINDS = [.../`event`, one of ([^.]+?), with/.exec(api)?.[1]?.matchAll(/\w+/g) ?? []].map(([kind]) => kind);
const FACTS: Record<string, object> = {
  handed_off: { position: 2 },
  claimed: { name: "Ann" },
  assigned: { name: "Ann" },
  reopened: { name: "Ann" },
  offline_message: { ticket_number: "T-1004" },
};

describe("what the gateway says", () => {
  afterEach(() => speak("en", null));

  it("has words in Chinese for each of its kinds, with all their blanks filled in", () => {
    speak("zh-CN", chinese);
    expect(KINDS).toContain("released");
    for (const event of KINDS) {
      const words = said({ event, ...FACTS[event] });
      expect(words, event).toMatch(/\p{Script=Han}/u);
      expect(words, event).not.toMatch(/[{}]/);
    }
  });

  it("tells its kinds apart by their facts", () => {
    speak("zh-CN", chinese);
    expect(said({ event: "claimed", name: "Ann" })).toContain("Ann");
    expect(said({ event: "offline_message", ticket_number: "T-1004" })).toContain("T-1004");
    expect(said({ event: "released", position: 1 })).toBe(said({ event: "handed_off", position: 3 }));
    expect(said({ event: "released" })).not.toBe(said({ event: "released", position: 1 }));
    expect(said({ event: "resolved", reason: "inactive" })).not.toBe(said({ event: "resolved" }));
  });

  it("is left in the gateway's own words in English, and where the event is not known", () => {
    expect(said({ event: "resolved" })).toBe("");
    expect(said({ event: "claimed", name: "Ann" })).toBe("");
    speak("zh-CN", chinese);
    expect(said({ event: "something_new" })).toBe("");
    expect(said({ event: "toString" })).toBe("");
    expect(said({ cards: [] })).toBe("");
    expect(sayingOf(null)).toBe("");
  });
});
