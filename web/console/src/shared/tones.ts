import { humanise, type Tone } from "./words";

const TONES: Record<string, Tone> = {
  pending: "warn",
  paid: "neutral",
  packed: "neutral",
  shipped: "accent",
  delivered: "good",
  cancelled: "bad",
  label_created: "neutral",
  in_transit: "accent",
  out_for_delivery: "accent",
  delayed: "warn",
  lost: "bad",
  requested: "neutral",
  received: "neutral",
  refunded: "good",
  exchanged: "good",
  rejected: "bad",
  open: "accent",
  waiting: "warn",
  resolved: "good",
  closed: "good",
  urgent: "bad",
  high: "warn",
};

/** A status as a word and its tone. */
export function statusOf(name: string): { label: string; tone: Tone } {
  return { label: humanise(name), tone: TONES[name] ?? "neutral" };
}
