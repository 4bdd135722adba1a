// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import english from "../locales/en.json";

const FOLDER = resolve(__dirname, "../locales");
const blanks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([blank]) => blank).sort();

describe.each(readdirSync(FOLDER))("%s", (file) => {
  const pack = JSON.parse(readFileSync(resolve(FOLDER, file), "utf8")) as typeof english;

  it("is named by its language's tag and says its direction", () => {
    expect(Intl.getCanonicalLocales(file.replace(".json", ""))).toEqual([file.replace(".json", "")]);
    expect(["ltr", "rtl"]).toContain(pack.dir);
    expect(pack.name).not.toBe("");
  });

  it("has every word and no other", () => {
    expect(Object.keys(pack.words).sort()).toEqual(Object.keys(english.words).sort());
  });

  it("keeps the blanks that are filled in", () => {
    for (const [key, word] of Object.entries(english.words)) {
      if (!word) continue; // the gateway's own English
      expect([key, blanks(pack.words[key as keyof typeof english.words])]).toEqual([key, blanks(word)]);
    }
  });
});
