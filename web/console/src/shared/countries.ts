/** Countries by their two letters, in the reader's language. */

export function countryName(code: string | null, locale?: string): string {
  if (!code) return "";
  try {
    return new Intl.DisplayNames(locale, { type: "region" }).of(code) ?? code;
  } catch {
    // Two letters that are no country: imported as they came.
    return code;
  }
}
