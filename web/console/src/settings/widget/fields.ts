/** What a form asks, while it is edited. */
import type { SiteField } from "../../api/types";

export type Texts = Record<string, string>;
export type Kind = SiteField["kind"];

export interface OptionDraft {
  key: string;
  value: string;
  /** Whether `value` was chosen; until then it follows the label. */
  isNamed: boolean;
  label: Texts;
}

export interface FieldDraft {
  key: string;
  name: string;
  /** Whether `name` was chosen; until then it follows the label. */
  isNamed: boolean;
  kind: Kind;
  label: Texts;
  required: boolean;
  maxLength: string | number;
  options: OptionDraft[];
}

export const MAX_FIELDS = 12;
export const MAX_OPTIONS = 40;
export const KINDS: readonly { value: Kind; label: string }[] = [
  { value: "text", label: "One line" },
  { value: "textarea", label: "Several lines" },
  { value: "email", label: "E-mail address" },
  { value: "phone", label: "Phone number" },
  { value: "select", label: "One of a list" },
  { value: "checkbox", label: "A box to tick" },
];
const USUAL_LENGTH: Partial<Record<Kind, number>> = { text: 200, textarea: 1_000 };

let made = 0;

/** A key for a row that the store has not seen. */
export function newKey(): string {
  made += 1;
  return `new-${made}`;
}

export function fieldsOf(fields: readonly SiteField[]): FieldDraft[] {
  return fields.map((field) => ({
    key: field.name,
    name: field.name,
    isNamed: true,
    kind: field.kind,
    label: field.label,
    required: field.required,
    maxLength: field.max_length,
    options: (field.options ?? []).map(({ value, label }) => ({ key: value, value, isNamed: true, label })),
  }));
}

export function fieldEdit({ name, kind, label, required, maxLength, options }: FieldDraft): SiteField {
  return {
    name,
    kind,
    label: said(label),
    required,
    max_length: Number(maxLength),
    options: kind === "select" ? options.map(({ value, label }) => ({ value, label: said(label) })) : [],
  };
}

export function blankField(): FieldDraft {
  return { key: newKey(), name: "", isNamed: false, kind: "text", label: {}, required: false, maxLength: 200, options: [] };
}

export function blankOption(): OptionDraft {
  return { key: newKey(), value: "", isNamed: false, label: {} };
}

/** Another kind: with the length that is usual for it, and with two choices to begin with where some are needed. */
export function asKind(field: FieldDraft, kind: Kind): Partial<FieldDraft> {
  const usual = USUAL_LENGTH[kind];
  const isUsual = field.maxLength === (USUAL_LENGTH[field.kind] ?? 200);
  return {
    kind,
    ...(usual && isUsual ? { maxLength: usual } : {}),
    ...(kind === "select" && field.options.length === 0 ? { options: [blankOption(), blankOption()] } : {}),
  };
}

/** Whether what is typed there has a length of its own choosing. */
export function hasLength(kind: Kind): boolean {
  return USUAL_LENGTH[kind] !== undefined;
}

/** The texts without the blank ones. */
export function said(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([, words]) => words.trim() !== ""));
}

/** The words in the first of these languages that has some, or in any. */
export function firstOf(texts: Texts, locales: readonly string[]): string {
  const given = said(texts);
  const locale = locales.find((one) => given[one]);
  return (locale ? given[locale] : Object.values(given)[0])?.trim() ?? "";
}

/** A name that programs can use, from words, different from the others: "E-mail address" → "e_mail_address". */
export function nameFrom(words: string, others: readonly string[], instead: string): string {
  const plain = words
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/ß/g, "ss")
    .replace(/[^a-z0-9]+/g, " ")
    .trim()
    .replace(/^[^a-z]+/, "")
    .replace(/ /g, "_")
    .slice(0, 32)
    .replace(/_+$/, "");
  const base = plain || instead;
  let name = base;
  for (let number = 2; others.includes(name); number += 1) name = `${base}_${number}`;
  return name;
}

/** The name that follows a label until somebody gives another; none while the label is blank. */
export function nameByLabel(
  label: Texts,
  locales: readonly string[],
  others: readonly string[],
  instead: string,
): string {
  const words = firstOf(label, locales);
  return words ? nameFrom(words, others, instead) : "";
}
