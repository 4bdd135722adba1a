/** A site's own accent colour, made as dark or as light as legible text needs. */

const HEX = /^#([\da-f]{3}){1,2}$/i;

/**
 * Style rules that set the accent in light and dark; empty when the colour is not a hex one.
 *
 * Of the colour only the hue and the strength are taken as they are: a perceived lightness of at most 0.5
 * has 4.5 : 1 on every light ground, one of at least 0.78 on every dark one. Browsers that cannot
 * reckon so (before 2024) show the usual accent.
 */
export function accentRules(colour: string): string {
  if (!HEX.test(colour)) return "";
  const of = (name: string, lightness: string | number, chroma = "c") =>
    `${name}:oklch(from ${colour} ${lightness} ${chroma} h);`;
  const light =
    of("--accent", "min(l,.5)") +
    of("--accent-strong", "min(l,.42)") +
    of("--accent-soft", 0.95, "min(c,.03)") +
    "--accent-ink:#fff;--mine:var(--accent);--mine-ink:#fff";
  const dark =
    of("--accent", "max(l,.78)") +
    of("--accent-strong", "max(l,.86)") +
    of("--accent-soft", 0.31, "min(c,.05)") +
    of("--mine", 0.42, "min(c,.1)") +
    "--accent-ink:#060e12;--mine-ink:#fff";
  return (
    `@supports (color:oklch(from red l c h)){:host{${light}}` +
    `@media (prefers-color-scheme:dark){:host(:not([data-theme="light"])){${dark}}}` +
    `:host([data-theme="dark"]){${dark}}}`
  );
}
