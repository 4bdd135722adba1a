/** The widget's own words, as its language files have them. */
const PACKS: Record<string, Record<string, string>> = import.meta.glob("../../../../widget/locales/*.json", {
  eager: true,
  import: "words",
});

const WORDS = new Map(
  Object.entries(PACKS).map(([file, words]) => [file.replace(/^.*\/|\.json$/g, ""), words] as const),
);
const ENGLISH = WORDS.get("en") ?? {};

/** Every phrase, under what it says in English; those that say nothing there are told by their names. */
export const PHRASES: readonly { value: string; label: string }[] = Object.entries(ENGLISH).map(([value, words]) => ({
  value,
  label: words || value,
}));

/** What the widget says where nothing else is set. */
export function usual(name: string, locale: string): string {
  const words = WORDS.get(locale) ?? WORDS.get(locale.split("-")[0] ?? "") ?? ENGLISH;
  return words[name] || ENGLISH[name] || "";
}

/** The blanks that a phrase has, such as `{count}`. */
export function blanksOf(name: string): string[] {
  return ENGLISH[name]?.match(/\{\w+\}/g) ?? [];
}
