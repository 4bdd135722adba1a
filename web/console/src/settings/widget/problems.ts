/**
 * What is wrong with a site's settings, by the paths that the gateway uses for the same (`forms.0.fields.1.name`): what
 * it finds beyond this goes to the same places.
 */
import type { SiteDraft, WordDraft } from "./draft";
import { type FieldDraft, hasLength, said, type Texts } from "./fields";

export interface Problem {
  message: string;
  /** Whether something is only not filled in yet: told when somebody tries to save. */
  isBlank: boolean;
}

export type Problems = ReadonlyMap<string, Problem>;

const LOCALE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;
const NAME = /^[a-z][a-z0-9_]{0,39}$/;
const VALUE = /^[!-~]([ -~]{0,58}[!-~])?$/;
const PATH = /^[/*][!-~]{0,199}$/;
const ACCENT = /^#[0-9a-fA-F]{6}$/;
const NO_NAME = "Small letters, digits and _, a letter first; 40 at most";
const BLANK = "Fill this in";

class Collector {
  readonly found = new Map<string, Problem>();

  add(path: string, message: string, isBlank = false): void {
    if (!this.found.has(path)) this.found.set(path, { message, isBlank });
  }

  /** Something must be said in one language at least. */
  words(path: string, texts: Texts): void {
    if (Object.keys(said(texts)).length === 0) this.add(path, BLANK, true);
  }

  /** Each is named, as programs can, and not like another one. */
  names(names: readonly string[], pathOf: (at: number) => string, pattern: RegExp, hint: string): void {
    names.forEach((name, at) => {
      if (name === "") this.add(pathOf(at), BLANK, true);
      else if (!pattern.test(name)) this.add(pathOf(at), hint);
      else if (names.indexOf(name) < at) this.add(pathOf(at), "Another one is called so");
    });
  }

  fields(path: string, fields: readonly FieldDraft[]): void {
    if (fields.length === 0) this.add(path, "Ask one thing at least", true);
    this.names(fields.map(({ name }) => name), (at) => `${path}.${at}.name`, NAME, NO_NAME);
    fields.forEach(({ kind, label, maxLength, options }, at) => {
      const here = `${path}.${at}`;
      this.words(`${here}.label`, label);
      const most = Number(maxLength);
      if (hasLength(kind) && (maxLength === "" || most < 1 || most > 2_000)) {
        this.add(`${here}.max_length`, "1 to 2,000 characters");
      }
      if (kind !== "select") return;
      if (options.length === 0) this.add(`${here}.options`, "Give one choice at least", true);
      const pathOf = (option: number) => `${here}.options.${option}.value`;
      this.names(options.map(({ value }) => value), pathOf, VALUE, "Plain letters, digits and signs; 60 at most");
      options.forEach((option, nth) => this.words(`${here}.options.${nth}.label`, option.label));
    });
  }
}

export function problemsOf(draft: SiteDraft): Problems {
  const all = new Collector();
  if (draft.accent && !ACCENT.test(draft.accent)) all.add("appearance.accent", "Like #1f6f54");
  const odd = draft.locales.find((locale) => !LOCALE.test(locale));
  const small = draft.locales.map((locale) => locale.toLowerCase());
  if (draft.locales.length === 0) all.add("locales", "One language at least");
  else if (odd !== undefined) all.add("locales", `“${odd}” is no language tag`);
  else if (new Set(small).size < small.length) all.add("locales", "A language is there twice");
  const hours = Number(draft.closeAfter);
  if (draft.closeAfter !== "" && (hours < 1 || hours > 8_760)) all.add("close_after_hours", "1 to 8,760 hours");
  draft.greetings.forEach(({ path, after, text }, at) => {
    if (!PATH.test(path.trim() || "*")) all.add(`greetings.${at}.path`, "A path like /products/*, without blanks");
    if (after === "") all.add(`greetings.${at}.after_seconds`, BLANK, true);
    all.words(`greetings.${at}.text`, text);
  });
  if (draft.asks) {
    all.words("pre_chat.intro", draft.intro);
    all.fields("pre_chat.fields", draft.fields);
  }
  all.names(draft.forms.map(({ id }) => id), (at) => `forms.${at}.id`, NAME, NO_NAME);
  draft.forms.forEach(({ title, submit, fields }, at) => {
    all.words(`forms.${at}.title`, title);
    all.words(`forms.${at}.submit`, submit);
    all.fields(`forms.${at}.fields`, fields);
  });
  draft.texts.forEach((word, at) => {
    if (!word.name) all.add(`texts.${at}.name`, "Choose which words", true);
  });
  return all.found;
}

/** What the gateway found, at the places where this screen shows it: phrases stand there by number, not by language. */
export function refused(errors: Readonly<Record<string, string>>, texts: readonly WordDraft[]): Problems {
  return new Map(
    Object.entries(errors).map(([path, message]) => {
      const [, locale, name] = /^texts\.([^.]+)\.(.+)$/.exec(path) ?? [];
      const at = texts.findIndex((word) => word.name === name);
      return [locale && at >= 0 ? `texts.${at}.words` : path, { message: sentence(message), isBlank: false }];
    }),
  );
}

/** Those that are to be seen: what is only blank waits until somebody has tried to save. */
export function visible(found: Problems, refusals: Problems, hasTried: boolean): Problems {
  return new Map([...refusals, ...[...found].filter(([, { isBlank }]) => hasTried || !isBlank)]);
}

/** Whether something at this path or below it is wrong. */
export function hasProblem(problems: Problems, path: string): boolean {
  return [...problems.keys()].some((one) => one === path || one.startsWith(`${path}.`));
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
