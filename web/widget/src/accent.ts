/** A site's own accent colour, moved as little as legible text needs. */

type Rgb = readonly [number, number, number];

const LIGHT_GROUND: Rgb = [236, 234, 229]; // --surface-2, the least contrast an accent meets
const DARK_GROUND: Rgb = [41, 46, 51];
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [6, 14, 18];
const TEXT_CONTRAST = 4.5;

export function parseHex(colour: string): Rgb | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour)?.[1];
  if (!hex) return null;
  const full = hex.length === 3 ? hex.replace(/./g, "$&$&") : hex;
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16)) as unknown as Rgb;
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The WCAG contrast ratio, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return from.map((part, at) => Math.round(part + ((to[at] ?? part) - part) * share)) as unknown as Rgb;
}

function tokens(accent: Rgb, ground: Rgb, away: Rgb): string {
  let legible = accent;
  for (let share = 0; share < 1 && contrast(legible, ground) < TEXT_CONTRAST; ) {
    share += 0.05;
    legible = mix(accent, away, share);
  }
  const ink = contrast(WHITE, legible) >= contrast(BLACK, legible) ? WHITE : BLACK;
  const rgb = (colour: Rgb) => `rgb(${colour.join(" ")})`;
  const isDark = ground === DARK_GROUND;
  // A large bright area tires the eye in the dark, so there the own bubbles are deep.
  const mine = isDark ? mix(legible, BLACK, 0.62) : legible;
  const mineInk = contrast(WHITE, mine) >= contrast(BLACK, mine) ? WHITE : BLACK;
  return (
    `--accent:${rgb(legible)};--accent-strong:${rgb(mix(legible, away, 0.2))};` +
    `--accent-ink:${rgb(ink)};--accent-soft:${rgb(mix(isDark ? DARK_GROUND : WHITE, legible, 0.14))};` +
    `--mine:${rgb(mine)};--mine-ink:${rgb(mineInk)}`
  );
}

/** Style rules that set the accent in light and dark; empty when the colour is not a hex one. */
export function accentRules(colour: string): string {
  const accent = parseHex(colour);
  if (!accent) return "";
  const light = tokens(accent, LIGHT_GROUND, BLACK);
  const dark = tokens(accent, DARK_GROUND, WHITE);
  return (
    `:host{${light}}` +
    `@media (prefers-color-scheme:dark){:host(:not([data-theme="light"])){${dark}}}` +
    `:host([data-theme="dark"]){${dark}}`
  );
}
