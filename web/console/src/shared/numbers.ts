/** Numbers in the reader's locale, with their units. */

export function count(value: number, locale?: string): string {
  return value.toLocaleString(locale);
}

/** A part of 1 as "42 %". */
export function percent(part: number, locale?: string): string {
  return `${Math.round(part * 100).toLocaleString(locale)} %`;
}

/** With its sign, and a minus as wide as the plus. */
export function signed(value: number, digits = 0, locale?: string): string {
  return value
    .toLocaleString(locale, { signDisplay: "exceptZero", minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replace("-", "−");
}

/** "42 % of 1,280 chats": a percentage never stands without its base. */
export function share(part: number, whole: number, of: string, locale?: string): string {
  if (whole === 0) return `no ${of} yet`;
  return `${percent(part / whole, locale)} of ${count(whole, locale)} ${of}`;
}

/** Minor units of a currency with two decimals, as money. */
export function money(minor: number, currency: string, locale?: string): string {
  try {
    return (minor / 100).toLocaleString(locale, { style: "currency", currency });
  } catch {
    // An unknown currency code is no reason to hide the amount.
    return `${(minor / 100).toLocaleString(locale, { minimumFractionDigits: 2 })} ${currency}`;
  }
}

export function seconds(ms: number, locale?: string): string {
  if (ms < 1000) return `${Math.round(ms).toLocaleString(locale)} ms`;
  return `${(ms / 1000).toLocaleString(locale, { maximumFractionDigits: 1 })} s`;
}
