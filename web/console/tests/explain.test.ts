import { describe, expect, it } from "vitest";
import type { ExplainedWord, Explanation } from "../src/api/types";
import { difference, parts, scopePlace, together } from "../src/explain/weights";

function word(text: string, start: number, change: Partial<ExplainedWord> = {}): ExplainedWord {
  const end = start + Array.from(text).length;
  return { text, start, end, intent: 0, sentiment: 0, frustrated: 0, ...change };
}

function explanation(text: string, words: ExplainedWord[]): Explanation {
  return {
    text,
    intent: { name: "order_status", confidence: 0.8, ranking: [{ name: "order_status", confidence: 0.8 }] },
    scope: { inside: true, nearest: "order_status", similarity: 0.8, score: 1, threshold: -2 },
    sentiment: { label: "negative", score: 0.7, valence: -0.6, frustrated: 0.3 },
    words,
    nearest: [],
  };
}

describe("a text in parts", () => {
  const joined = (found: ReturnType<typeof parts>) =>
    found.map(({ before, text, after, space }) => before + text + after + space).join("");

  it.each([
    ["(Where) is it, 😡 please …", [word("Where", 1), word("is", 8), word("it", 11), word("😡", 15), word("please", 17)]],
    ["one\n“two”.", [word("one", 0), word("two", 5)]],
    ["…", []],
  ])("is whole: %s", (text, words) => {
    const found = parts(explanation(text, words), "intent");
    expect(joined(found)).toBe(words.length > 0 ? text : "");
    expect(found.map((part) => part.text)).toEqual(words.map((each) => each.text));
  });

  it("keeps signs with the word that they touch", () => {
    const [first, second] = parts(explanation("yes, (no)!", [word("yes", 0), word("no", 6)]), "intent");
    expect(first).toMatchObject({ before: "", after: ",", space: " " });
    expect(second).toMatchObject({ before: "(", after: ")!", space: "" });
  });

  it("breaks no line where there is no space", () => {
    const words = [word("late", 0), word("again", 5), word("!!", 10)];
    const clumps = together(parts(explanation("late again!!", words), "intent"));
    expect(clumps.map((clump) => clump.map((part) => part.text))).toEqual([["late"], ["again", "!!"]]);
  });
});

describe("a weight", () => {
  const weights = (words: Partial<ExplainedWord>[], aspect: "intent" | "sentiment" | "frustrated") =>
    parts(explanation("a b c", words.map((each, index) => word("abc"[index]!, index * 2, each))), aspect).map(
      ({ weight }) => weight,
    );

  it("has a number with a sign, words to be heard, and its share of the heaviest", () => {
    expect(weights([{ intent: 0.84 }, { intent: -0.21 }, { intent: 0.004 }], "intent")).toEqual([
      { said: "+84", spoken: "adds 84 points", share: 1, tone: "accent" },
      { said: "−21", spoken: "takes 21 points", share: 0.25, tone: "warn" },
      null,
    ]);
  });

  it("of a tone is on the scale of the valence", () => {
    expect(weights([{ sentiment: -0.5 }, { sentiment: 0.03 }], "sentiment")).toEqual([
      { said: "−0.50", spoken: "takes 0.50", share: 1, tone: "bad" },
      null,
    ]);
  });

  it("of frustration is bad where it adds", () => {
    expect(weights([{ frustrated: 0.02 }, { frustrated: -0.3 }], "frustrated")).toMatchObject([
      { said: "+2", spoken: "adds 2 points", tone: "bad" },
      { said: "−30", tone: "good" },
    ]);
  });

  it("looks small where all are small", () => {
    expect(weights([{ intent: 0.05 }], "intent")[0]?.share).toBe(0.25);
  });
});

describe("the place on the scope's scale", () => {
  const place = (score: number) => scopePlace({ inside: true, nearest: "", similarity: 0, score, threshold: -2 });

  it("has the threshold in the middle and never leaves the scale", () => {
    expect(place(-2)).toBe(0.5);
    expect(place(-1)).toBe(0.75);
    expect(place(-3)).toBe(0.25);
    expect(place(400)).toBeLessThan(1);
    expect(place(-400)).toBeGreaterThan(0);
  });
});

describe("what the stored parse says differently", () => {
  const now = { name: "order_status", confidence: 0.8, ranking: [] };

  it.each([
    [null, null],
    [{ name: "order_status", confidence: 0.81 }, null],
    [{ name: "order_status", confidence: null }, null],
    [{ name: "order_status", confidence: 0.6 }, "moved"],
    [{ name: "greet", confidence: 0.8 }, "other"],
    [{ name: "nlu_fallback", confidence: 0.7 }, "unsure"],
  ] as const)("%o: %s", (stored, found) => {
    expect(difference(stored, now)).toBe(found);
  });
});
