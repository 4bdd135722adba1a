/** A site's settings while they are edited. */
import type { SiteEdit, SiteForm, SiteGreeting, SiteView } from "../../api/types";
import { blankField, fieldEdit, type FieldDraft, fieldsOf, newKey, said, type Texts } from "./fields";

export interface GreetingDraft {
  key: string;
  id: string;
  path: string;
  after: string | number;
  text: Texts;
}

export interface FormDraft {
  key: string;
  id: string;
  /** Whether `id` was chosen; until then it follows the title. */
  isNamed: boolean;
  title: Texts;
  submit: Texts;
  fields: FieldDraft[];
}

/** One of the widget's own phrases said otherwise. */
export interface WordDraft {
  key: string;
  /** Which phrase, as the language files name it; empty until one is chosen. */
  name: string;
  words: Texts;
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
  /** Whether the customer numbers that it signs are those of imports and of other sites. */
  shares: boolean;
  sound: boolean;
  /** Hours; blank where quiet chats stay open. */
  closeAfter: string | number;
  greetings: GreetingDraft[];
  /** Whether guests are asked before a chat. */
  asks: boolean;
  intro: Texts;
  fields: FieldDraft[];
  forms: FormDraft[];
  texts: WordDraft[];
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
    shares: site.shares_customers,
    sound: settings.sound ?? true,
    closeAfter: settings.close_after_hours ?? "",
    greetings: (settings.greetings ?? []).map((one) => ({
      key: one.id,
      id: one.id,
      path: one.path ?? "*",
      after: one.after_seconds ?? 20,
      text: one.text,
    })),
    asks: Boolean(settings.pre_chat),
    intro: settings.pre_chat?.intro ?? {},
    fields: fieldsOf(settings.pre_chat?.fields ?? []),
    forms: (settings.forms ?? []).map((form) => ({
      key: form.id,
      id: form.id,
      isNamed: true,
      title: form.title,
      submit: form.submit,
      fields: fieldsOf(form.fields),
    })),
    texts: wordsOf(settings.texts ?? {}),
  };
}

/** What to send; whether it may be is for `problemsOf` to say. */
export function editOf(draft: SiteDraft, version: number): SiteEdit {
  return {
    version,
    calendar: draft.calendar,
    identity_required: draft.identity,
    shares_customers: draft.shares,
    locales: { default: draft.locales[0] ?? "en", offered: draft.locales },
    appearance: {
      title: draft.title.trim() || null,
      accent: draft.accent || null,
      theme: draft.theme,
      side: draft.side,
    },
    offline_form: draft.offline,
    sound: draft.sound,
    close_after_hours: draft.closeAfter === "" ? null : Number(draft.closeAfter),
    greetings: draft.greetings.map(greetingEdit),
    pre_chat: draft.asks ? { intro: said(draft.intro), fields: draft.fields.map(fieldEdit) } : null,
    forms: draft.forms.map(formEdit),
    texts: textsEdit(draft.texts),
  };
}

function greetingEdit({ id, path, after, text }: GreetingDraft): SiteGreeting {
  return { id, path: path.trim() || "*", after_seconds: Number(after), text: said(text) };
}

function formEdit({ id, title, submit, fields }: FormDraft): SiteForm {
  return { id, title: said(title), submit: said(submit), fields: fields.map(fieldEdit) };
}

/** By phrase, where the settings have them by language. */
function wordsOf(texts: Record<string, Texts>): WordDraft[] {
  const names = new Set(Object.values(texts).flatMap((words) => Object.keys(words)));
  return [...names].map((name) => ({
    key: name,
    name,
    words: Object.fromEntries(
      Object.entries(texts).flatMap(([locale, words]) => (words[name] ? [[locale, words[name]]] : [])),
    ),
  }));
}

function textsEdit(drafts: readonly WordDraft[]): Record<string, Texts> {
  const texts: Record<string, Texts> = {};
  for (const { name, words } of drafts) {
    for (const [locale, text] of Object.entries(said(words))) texts[locale] = { ...texts[locale], [name]: text };
  }
  return texts;
}

/** A greeting that none of the others is called like. */
export function blankGreeting(others: readonly GreetingDraft[]): GreetingDraft {
  let number = others.length + 1;
  while (others.some((one) => one.id === `greeting_${number}`)) number += 1;
  const id = `greeting_${number}`;
  return { key: id, id, path: "*", after: 20, text: {} };
}

export function blankForm(locales: readonly string[]): FormDraft {
  const english = locales.find((locale) => /^en\b/i.test(locale));
  const submit: Texts = english ? { [english]: "Send" } : {};
  return { key: newKey(), id: "", isNamed: false, title: {}, submit, fields: [blankField()] };
}

export function blankWord(): WordDraft {
  return { key: newKey(), name: "", words: {} };
}
