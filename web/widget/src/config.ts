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
}

/**
 * Reads `data-site-key`, `data-identity`, `data-api`, `data-title`, `data-accent`, `data-theme`.
 *
 * The gateway is where the script came from, unless `data-api` says otherwise.
 */
export function readConfig(script: HTMLScriptElement): Config {
  const { siteKey = "", identity = "", api, title = "", accent = "", theme } = script.dataset;
  const base = new URL(api || new URL(script.src || "/", document.baseURI).origin, document.baseURI);
  return {
    siteKey: siteKey.trim(),
    identity: identity.trim(),
    api: base.href.replace(/\/+$/, ""),
    title: title.trim(),
    accent: accent.trim(),
    theme: theme === "light" || theme === "dark" ? theme : "auto",
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
