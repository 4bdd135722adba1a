/** What each word of a text weighs in its reading, ready to be drawn and to be read aloud. */
import type { ExplainedWord, Explanation } from "../api/types";
import { signed } from "../shared/numbers";
import type { Tone } from "../shared/words";

export type Aspect = "intent" | "sentiment" | "frustrated";

export interface Weight {
  /** As a number with its sign. */
  said: string;
  spoken: string;
  /** Of the heaviest word, from 0 to 1. */
  share: number;
  tone: Tone;
}

/** A word with the signs that touch it, and the space behind. */
export interface Part {
  key: number;
  before: string;
  text: string;
  after: string;
  space: string;
  weight: Weight | null;
}

interface Look {
  /** Below this a weight is not worth a number. */
  noticed: number;
  /** Where all weigh less than this, bars stay short. */
  full: number;
  more: Tone;
  less: Tone;
}

const LOOKS: Record<Aspect, Look> = {
  intent: { noticed: 0.02, full: 0.2, more: "accent", less: "warn" },
  sentiment: { noticed: 0.04, full: 0.4, more: "good", less: "bad" },
  frustrated: { noticed: 0.02, full: 0.2, more: "bad", less: "good" },
};

/** The text in parts; joined again they are the whole text. */
export function parts(explanation: Explanation, aspect: Aspect): Part[] {
  const { text, words } = explanation;
  // The assistant counts characters, JavaScript halves of some: emoji are two here.
  const characters = Array.from(text);
  const between = (start: number, end: number) => characters.slice(start, end).join("");
  const scale = scaleOf(words, aspect);
  return words.map((word, index) => {
    const next = words[index + 1]?.start ?? characters.length;
    const gap = split(between(word.end, next), index === words.length - 1);
    const opening = index === 0 ? between(0, word.start) : split(between(words[index - 1]!.end, word.start)).before;
    return {
      key: word.start,
      before: opening,
      text: between(word.start, word.end),
      after: gap.after,
      space: gap.space,
      weight: weightOf(word, aspect, scale),
    };
  });
}

/** Parts with no space between them, so that no line breaks there. */
export function together(all: readonly Part[]): Part[][] {
  const clumps: Part[][] = [];
  all.forEach((part, index) => {
    if (index > 0 && all[index - 1]!.space === "") clumps.at(-1)!.push(part);
    else clumps.push([part]);
  });
  return clumps;
}

/** What stands between two words: on the first one, between them, on the second. */
function split(gap: string, isLast = false): { after: string; space: string; before: string } {
  if (isLast) return { after: gap, space: "", before: "" };
  const [, after = "", space = "", before = ""] = /^(\S*)(\s*)([^]*)$/u.exec(gap) ?? [];
  return { after, space, before };
}

function scaleOf(words: readonly ExplainedWord[], aspect: Aspect): number {
  return Math.max(LOOKS[aspect].full, ...words.map((word) => Math.abs(word[aspect])));
}

function weightOf(word: ExplainedWord, aspect: Aspect, scale: number): Weight | null {
  const value = word[aspect];
  const { noticed, more, less } = LOOKS[aspect];
  if (Math.abs(value) < noticed) return null;
  const said = aspect === "sentiment" ? signed(value, 2) : signed(Math.round(value * 100));
  return { said, spoken: spoken(value, aspect), share: Math.abs(value) / scale, tone: value > 0 ? more : less };
}

function spoken(value: number, aspect: Aspect): string {
  const verb = value > 0 ? "adds" : "takes";
  if (aspect === "sentiment") return `${verb} ${Math.abs(value).toFixed(2)}`;
  const points = Math.abs(Math.round(value * 100));
  return `${verb} ${points} ${points === 1 ? "point" : "points"}`;
}

const SHORTEST_REACH = 2;

/** Where the score stands from 0 to 1 on a scale that has the threshold in its middle. */
export function scopePlace({ score, threshold }: Explanation["scope"]): number {
  const distance = score - threshold;
  const reach = Math.max(SHORTEST_REACH, Math.abs(distance) * 1.2);
  return (1 + distance / reach) / 2;
}

/** What the message's own parse says differently, if anything: the model may be another by now. */
export function difference(
  stored: { name: string; confidence: number | null } | null,
  now: Explanation["intent"],
): "unsure" | "other" | "moved" | null {
  if (!stored) return null;
  if (stored.name === "nlu_fallback") return "unsure";
  if (stored.name !== now.name) return "other";
  const moved = stored.confidence !== null && Math.abs(stored.confidence - now.confidence) >= 0.05;
  return moved ? "moved" : null;
}
