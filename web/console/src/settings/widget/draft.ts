/** A site's settings while they are edited: rich parts as the JSON that they are sent as. */
import type { SiteEdit, SiteGreeting, SiteView } from "../../api/types";

export interface GreetingDraft {
  key: string;
  id: string;
  path: string;
  after: number;
  text: Record<string, string>;
}

export interface SiteDraft {
  title: string;
  accent: string;
  theme: "auto" | "light" | "dark";
  side: "right" | "left";
  locales: string[];
  calendar: string | null;
  offline: boolean;
  identity: boolean;
  sound: boolean;
  greetings: GreetingDraft[];
  preChat: string;
  forms: string;
  texts: string;
}

export function draftOf(site: SiteView): SiteDraft {
  const { settings } = site;
  const { appearance } = settings;
  const { default: first, offered } = settings.locales ?? { default: "en", offered: ["en"] };
  return {
    title: appearance?.title ?? "",
    accent: appearance?.accent ?? "",
    theme: appearance?.theme ?? "auto",
    side: appearance?.side ?? "right",
    locales: [first ?? "en", ...(offered ?? []).filter((locale) => locale !== first)],
    calendar: site.calendar ?? null,
    offline: settings.offline_form ?? true,
    identity: site.identity_required,
    sound: settings.sound ?? true,
    greetings: (settings.greetings ?? []).map((one) => ({
      key: one.id,
      id: one.id,
      path: one.path ?? "*",
      after: one.after_seconds ?? 20,
      text: one.text,
    })),
    preChat: settings.pre_chat ? pretty(settings.pre_chat) : "",
    forms: pretty(settings.forms ?? []),
    texts: pretty(settings.texts ?? {}),
  };
}

/** What to send; null while something typed as JSON is none. */
export function editOf(draft: SiteDraft, version: number): SiteEdit | null {
  const preChat = read(draft.preChat || "null");
  const forms = read(draft.forms || "[]");
  const texts = read(draft.texts || "{}");
  if (preChat === undefined || forms === undefined || texts === undefined) return null;
  return {
    version,
    calendar: draft.calendar,
    identity_required: draft.identity,
    locales: { default: draft.locales[0] ?? "en", offered: draft.locales },
    appearance: {
      title: draft.title.trim() || null,
      accent: draft.accent || null,
      theme: draft.theme,
      side: draft.side,
    },
    offline_form: draft.offline,
    sound: draft.sound,
    greetings: draft.greetings.map(greetingOf),
    // Whatever was typed: the gateway checks it and names the place that is wrong.
    pre_chat: preChat as Exclude<SiteEdit["pre_chat"], undefined>,
    forms: forms as Exclude<SiteEdit["forms"], undefined>,
    texts: texts as Exclude<SiteEdit["texts"], undefined>,
  };
}

function greetingOf({ id, path, after, text }: GreetingDraft): SiteGreeting {
  const said = Object.entries(text).filter(([, words]) => words.trim() !== "");
  return { id, path: path.trim() || "*", after_seconds: after, text: Object.fromEntries(said) };
}

/** A greeting that none of the others is called like. */
export function blankGreeting(others: readonly GreetingDraft[]): GreetingDraft {
  let number = others.length + 1;
  while (others.some((one) => one.id === `greeting_${number}`)) number += 1;
  const id = `greeting_${number}`;
  return { key: id, id, path: "*", after: 20, text: {} };
}

export function isJson(text: string): boolean {
  return text.trim() === "" || read(text) !== undefined;
}

function read(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
