/** What a message carries besides its text. */
import { list, record, text } from "../api/read";
import type { Tone } from "../shared/words";

export interface Card {
  kind: string;
  title: string;
  subtitle: string;
  url: string;
  facts: { label: string; value: string }[];
  status: { label: string; tone: Tone } | null;
}

export interface Payload {
  buttons: string[];
  cards: Card[];
  links: { title: string; url: string }[];
  /** The button that the customer chose. */
  chosen: boolean;
  attachment: { filename: string } | null;
}

const TONES = new Set<string>(["good", "warn", "bad", "neutral"]);

export function readPayload(value: unknown): Payload {
  const payload = record(value);
  const attachment = record(payload.attachment);
  return {
    buttons: list(payload.buttons, (item) => text(item.title) || null),
    cards: list(payload.cards, readCard),
    links: list(payload.links, (item) => {
      const url = safeUrl(text(item.url));
      return url ? { title: text(item.title) || url, url } : null;
    }),
    chosen: payload.button !== undefined,
    attachment: text(attachment.filename) ? { filename: text(attachment.filename) } : null,
  };
}

function readCard(item: Record<string, unknown>): Card | null {
  const title = text(item.title);
  if (!title) return null;
  const status = record(item.status);
  const tone = text(status.tone);
  return {
    kind: text(item.kind),
    title,
    subtitle: text(item.subtitle),
    url: safeUrl(text(item.url)),
    facts: list(item.facts, (fact) => {
      const label = text(fact.label);
      return label ? { label, value: text(fact.value) } : null;
    }),
    status: text(status.label)
      ? { label: text(status.label), tone: TONES.has(tone) ? (tone as Tone) : "neutral" }
      : null,
  };
}

/** Addresses of web pages only: what a message says must not become a script. */
export function safeUrl(url: string): string {
  return /^(https?:\/\/|\/(?!\/))/i.test(url) ? url : "";
}
