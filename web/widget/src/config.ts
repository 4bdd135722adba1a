/** What the host page says on the script's own tag. */

export interface Config {
  siteKey: string;
  /** A JWT signed by the host, or empty for a guest. */
  identity: string;
  /** The gateway's address without a trailing slash. */
  api: string;
  title: string;
  accent: string;
  theme: "light" | "dark" | "auto";
  /** The language that the page wants, or empty for the reader's own. */
  locale: string;
  /** Where the script came from: the languages' files lie beside it. */
  files: string;
}

/**
 * Reads `data-site-key`, `data-identity`, `data-api`, `data-title`, `data-accent`, `data-theme`,
 * `data-locale`.
 *
 * The gateway is where the script came from, unless `data-api` says otherwise.
 */
export function readConfig(script: HTMLScriptElement): Config {
  const { siteKey = "", identity = "", api, title = "", accent = "", theme, locale = "" } = script.dataset;
  const files = new URL(".", new URL(script.src || "/", document.baseURI));
  const base = new URL(api || files.origin, document.baseURI);
  return {
    siteKey: siteKey.trim(),
    identity: identity.trim(),
    api: base.href.replace(/\/+$/, ""),
    title: title.trim(),
    accent: accent.trim(),
    theme: theme === "light" || theme === "dark" ? theme : "auto",
    locale: locale.trim(),
    files: files.href,
  };
}

/**
 * Who the identity is about, without trusting it: it only keeps one person's session from
 * being used for another. The gateway alone verifies the signature.
 */
export function subjectOf(identity: string): string {
  if (!identity) return "";
  try {
    const body = (identity.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    const subject = (JSON.parse(atob(body)) as { sub?: unknown }).sub;
    if (typeof subject === "string" && subject) return subject;
  } catch {
    // Not a JWT: the gateway will say so. Until then it is its own person.
  }
  return identity;
}
