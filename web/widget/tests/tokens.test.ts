// @vitest-environment node
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { accentRules } from "../src/accent";
import { contrast, parseHex } from "./contrast";

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

// How legible it is on the grounds is looked at in a browser, which reckons it.
describe("a site's own accent", () => {
  it.each(["#ff7a00", "#FFE600", "#000"])("%s is taken in light and dark", (colour) => {
    expect(accentRules(colour).match(new RegExp(`--accent:oklch\\(from ${colour} `, "g"))).toHaveLength(3);
  });

  it.each(["", "red", "#12", "#1234", "url(x)", "#fff;}:host{display:none}"])("ignores %j", (colour) => {
    expect(accentRules(colour)).toBe("");
  });
});
