/** How a site wants its widget, as `GET /widget/config` tells it; the shapes are the gateway's own. */

import type { Localized, Words } from "./locale";

export interface Field {
  name: string;
  kind: "text" | "email" | "phone" | "select" | "textarea" | "checkbox";
  label: Localized;
  required: boolean;
  options: { value: string; label: Localized }[];
  max_length: number;
}

export interface Hours {
  open: boolean;
  opens_at: string | null;
  closes_at: string | null;
}

export interface Greeting {
  id: string;
  /** The page's path, with `*` for anything. */
  path: string;
  after_seconds: number;
  text: Localized;
}

export interface Site {
  locales: { default: string; offered: string[] };
  appearance: { title: string | null; accent: string | null; theme: string; side: string };
  texts: Record<string, Partial<Words>>;
  pre_chat: { intro: Localized; fields: Field[] } | null;
  hours: Hours | null;
  offline_form: boolean;
  greetings: Greeting[];
  attachments: { max_bytes: number; types: string[] };
  identity_required: boolean;
  /** Whether a sound is offered; it is the customer who switches it on. */
  sound: boolean;
}

/** What holds when the gateway does not say, or cannot be reached yet. */
export const PLAIN: Site = {
  locales: { default: "en", offered: ["en"] },
  appearance: { title: null, accent: null, theme: "auto", side: "right" },
  texts: {},
  pre_chat: null,
  hours: null,
  offline_form: false,
  greetings: [],
  attachments: { max_bytes: 5_000_000, types: ["image/png", "image/jpeg", "application/pdf"] },
  identity_required: false,
  sound: true,
};

/** Whether people answer now; what was read a while ago tells when that changes. */
export function isStaffed({ hours }: Site, now: number): boolean {
  if (!hours) return true;
  const change = hours.open ? hours.closes_at : hours.opens_at;
  return hours.open !== (change !== null && Date.parse(change) <= now);
}

/** Whether a path such as `/products/tent` is meant by a pattern such as `/products/*`. */
export function matches(pattern: string, path: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(path);
}
