/** Amounts as people type them, to minor units and back. */

/** 129900 of "1,299.00" or "1299,00" or "1.299"; null when it is no amount. */
export function readAmount(typed: string): number | null {
  const plain = typed.replace(/[\s  '’€$£]/g, "");
  if (!/^\d[\d.,]*$/.test(plain)) return null;
  // The last separator divides the minor units when one or two digits follow it.
  const match = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(plain);
  const whole = (match?.[1] ?? "").replace(/[.,]/g, "");
  const minor = (match?.[2] ?? "").padEnd(2, "0");
  const amount = Number(whole) * 100 + Number(minor || 0);
  return Number.isSafeInteger(amount) && amount <= 10 ** 13 ? amount : null;
}

/** Money at a glance: without minor units where there are none. */
export function wholeMoney(minor: number, currency: string, locale?: string): string {
  const digits = minor % 100 === 0 ? 0 : 2;
  try {
    return (minor / 100).toLocaleString(locale, {
      style: "currency",
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  } catch {
    // An unknown currency code is no reason to hide the amount.
    return `${(minor / 100).toLocaleString(locale)} ${currency}`;
  }
}

/** An estimate, without minor units that would pretend to know better. */
export function aboutMoney(minor: number, currency: string): string {
  return wholeMoney(Math.round(minor / 100) * 100, currency);
}

/** The amount as it stands in a field. */
export function writeAmount(minor: number): string {
  return (minor / 100).toFixed(2);
}
