// @vitest-environment node
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { accentRules, contrast, parseHex } from "../src/accent";

const css = readFileSync(resolve(__dirname, "../../tokens/tokens.css"), "utf8");

function colours(block: string): Map<string, string> {
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", hex = ""]) => [name, hex]));
}

const [first = "", system = "", chosen = ""] = css.split(/(?=@media \(prefers-color-scheme|:root\[data-theme)/);
const themes: [string, Map<string, string>][] = [
  ["light", colours(first)],
  ["dark", colours(system)],
];

describe("tokens", () => {
  it("says the same for the system's dark and for the chosen one", () => {
    expect(colours(system).size).toBeGreaterThan(15);
    expect([...colours(chosen)]).toEqual([...colours(system)]);
  });

  describe.each(themes)("%s", (_, theme) => {
    const ratio = (ink: string, ground: string) => {
      const pair = [theme.get(ink), theme.get(ground)].map((hex) => parseHex(hex ?? ""));
      if (!pair[0] || !pair[1]) throw new Error(`no colour for ${ink} or ${ground}`);
      return contrast(pair[0], pair[1]);
    };

    it.each(["ink-1", "ink-2", "ink-3", "accent", "good", "warn", "bad"])("%s is legible as text", (ink) => {
      for (const ground of ["surface-0", "surface-1", "surface-2"]) {
        expect(ratio(ink, ground)).toBeGreaterThanOrEqual(4.5);
      }
    });

    it.each(["accent", "good", "warn", "bad"])("%s is legible on its soft ground", (ink) => {
      expect(ratio(ink, `${ink}-soft`)).toBeGreaterThanOrEqual(4.5);
    });

    it("is legible on the accent, and controls have a visible border", () => {
      expect(ratio("accent-ink", "accent")).toBeGreaterThanOrEqual(4.5);
      expect(ratio("accent-ink", "accent-strong")).toBeGreaterThanOrEqual(4.5);
      if (theme.has("mine")) expect(ratio("mine-ink", "mine")).toBeGreaterThanOrEqual(4.5);
      for (const ground of ["surface-0", "surface-1", "surface-2"]) {
        expect(ratio("line-strong", ground)).toBeGreaterThanOrEqual(3);
      }
    });
  });
});

describe("a site's own accent", () => {
  const rgb = (rules: string, name: string) =>
    [...rules.matchAll(new RegExp(`${name}:rgb\\((\\d+) (\\d+) (\\d+)\\)`, "g"))].map(
      ([, r, g, b]) => [Number(r), Number(g), Number(b)] as const,
    );

  it.each(["#ff7a00", "#ffe600", "#000", "#ffffff", "#00ff88", "#123456"])("%s stays legible", (colour) => {
    const rules = accentRules(colour);
    const accents = rgb(rules, "--accent");
    const inks = rgb(rules, "--accent-ink");
    expect(accents).toHaveLength(3);
    accents.forEach((accent, at) => {
      const ground = at === 0 ? parseHex("#eceae5") : parseHex("#292e33");
      expect(contrast(accent, ground ?? [0, 0, 0])).toBeGreaterThanOrEqual(4.4);
      expect(contrast(accent, inks[at] ?? accent)).toBeGreaterThanOrEqual(4.5);
    });
    rgb(rules, "--mine").forEach((mine, at) => {
      expect(contrast(mine, rgb(rules, "--mine-ink")[at] ?? mine)).toBeGreaterThanOrEqual(4.5);
    });
  });

  it.each(["", "red", "#12", "url(x)", "#fff;}:host{display:none}"])("ignores %j", (colour) => {
    expect(accentRules(colour)).toBe("");
  });
});
