/** Links in messages come from records and from people, so only web addresses are followed. */

const CONTROL = /[\u0000-\u0020\u007f\\]/;

/** The address if it is http(s) or a path on this site, else null. */
export function safeUrl(url: string, base: string = document.baseURI): string | null {
  const trimmed = url.trim();
  if (!trimmed || CONTROL.test(trimmed) || trimmed.startsWith("//")) return null;
  try {
    const { protocol } = new URL(trimmed, base);
    return protocol === "https:" || protocol === "http:" ? trimmed : null;
  } catch {
    return null;
  }
}

export function isElsewhere(url: string, base: string = document.baseURI): boolean {
  return new URL(url, base).origin !== new URL(base).origin;
}

export type Piece = { text: string; url: string | null };

const ADDRESS = /https?:\/\/[^\s<>"']+/gi;

/** Text cut into plain pieces and web addresses, without the punctuation that ends a sentence. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(/[.,;:!?)\]}]+$/, "");
    const url = safeUrl(address);
    if (!url) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index), url: null });
    found.push({ text: address, url });
    from = match.index + address.length;
  }
  if (from < text.length) found.push({ text: text.slice(from), url: null });
  return found;
}
