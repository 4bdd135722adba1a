/** Names that programs use, as people say them. */

const OWN_WORDS: Record<string, string> = { nlu_fallback: "Not understood" };

/** "order_status" → "Order status". */
export function humanise(name: string): string {
  const own = OWN_WORDS[name];
  if (own) return own;
  const words = name.replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "action_look_up_order" → "Look up order". */
export function actionName(name: string): string {
  return humanise(name.replace(/^(action|utter|validate)_/, ""));
}

/** The first letters of up to two words, by what readers see as letters. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return picked.map((word) => Array.from(word ?? "")[0] ?? "").join("").toUpperCase() || "?";
}

export type Tone = "good" | "warn" | "bad" | "neutral" | "accent";

export interface Mood {
  label: string;
  tone: Tone;
  face: "happy" | "calm" | "sad" | "angry";
}

/** A mood from a valence in [-1, 1]: a word and a face, so that no colour carries it alone. */
export function mood(valence: number): Mood {
  if (valence <= -0.6) return { label: "very negative", tone: "bad", face: "angry" };
  if (valence < -0.2) return { label: "negative", tone: "warn", face: "sad" };
  if (valence <= 0.2) return { label: "neutral", tone: "neutral", face: "calm" };
  if (valence < 0.6) return { label: "positive", tone: "good", face: "happy" };
  return { label: "very positive", tone: "good", face: "happy" };
}

/** The mood of a label alone, where no valence is known. */
export function moodOfLabel(label: string): Mood {
  const valence = { negative: -0.4, neutral: 0, positive: 0.4 }[label.toLowerCase()];
  return { ...mood(valence ?? 0), label };
}
