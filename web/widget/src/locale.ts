/** The words of the widget, in the language that is shown. A language is one file in `locales/`. */

import english from "../locales/en.json";

export type Words = typeof english.words;

/** A locale's file; a word that it lacks stays English. */
export interface Pack {
  dir: string;
  words: Partial<Words>;
}

const FALLBACK = "en";

export let words: Words = english.words;
export let locale = FALLBACK;
export let direction: "ltr" | "rtl" = "ltr";
/** For dates and numbers: the reader's own variant of the language, such as en-GB. */
export let region: string = FALLBACK;

/** Speak this language from now on; `texts` are a site's own words in it. */
export function speak(tag: string, pack: Pack | null, texts: Partial<Words> = {}): void {
  words = { ...english.words, ...pack?.words, ...texts };
  locale = tag;
  direction = pack?.dir === "rtl" ? "rtl" : "ltr";
  region = navigator.languages.find((each) => language(each) === language(tag)) ?? tag;
}

function language(tag: string): string {
  return tag.split("-", 1)[0]?.toLowerCase() ?? "";
}

/** The first language wanted that is offered, the same one of another region counting too. */
export function choose(wanted: readonly string[], offered: readonly string[], otherwise: string): string {
  for (const want of wanted) {
    const same = (each: string) => each.toLowerCase() === want.toLowerCase();
    const near = (each: string) => language(each) === language(want);
    const found = offered.find(same) ?? offered.find(near);
    if (found) return found;
  }
  return otherwise;
}

/** "{count} unread" with its values; numbers as the reader writes them. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => (values[name] ?? "").toLocaleString(region));
}

/** Of a text in several languages the one to show. */
export type Localized = Record<string, string>;

export function inLocale(texts: Localized): string {
  return texts[choose([locale, FALLBACK], Object.keys(texts), Object.keys(texts)[0] ?? "")] ?? "";
}
