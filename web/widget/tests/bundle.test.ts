// @vitest-environment node
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { beforeAll, describe, expect, it } from "vitest";

const LIMIT_BYTES = 30 * 1000;

describe("the script that shops load", () => {
  let files: { fileName: string; code?: string; source?: string }[];
  let script: string;

  beforeAll(async () => {
    const built = await build({
      root: resolve(__dirname, ".."),
      mode: "production",
      logLevel: "silent",
      build: { write: false },
    });
    const outputs = Array.isArray(built) ? built : [built];
    files = outputs.flatMap((output) => ("output" in output ? output.output : [])) as typeof files;
    script = files.find(({ fileName }) => fileName.endsWith(".js"))?.code ?? "";
  }, 240_000);

  it("is one file, with a file beside it for each other language, and its types", () => {
    const locales = readdirSync(resolve(__dirname, "../locales")).filter((file) => file !== "en.json");
    const beside = [...locales.map((file) => `kefu-widget.${file}`), "kefu-widget.d.ts", "kefu-widget.js"];
    expect(files.map(({ fileName }) => fileName).sort()).toEqual(beside.sort());
  });

  it("weighs at most 30 kB gzipped", () => {
    expect(gzipSync(script, { level: 9 }).length).toBeLessThanOrEqual(LIMIT_BYTES);
  });

  it("adds at most 2.5 kB gzipped for another language", () => {
    const packs = files.filter(({ fileName }) => fileName.endsWith(".json"));
    expect(packs.length).toBeGreaterThan(0);
    for (const { source = "" } of packs) expect(gzipSync(source, { level: 9 }).length).toBeLessThanOrEqual(2_500);
  });

  it("keeps the names by which the gateway knows things", () => {
    for (const name of ["Authorization", "Content-Type", "client_id", "greeting_id", "browser_key", "last_seq"]) {
      expect(script).toContain(name);
    }
  });

  it("never turns text into markup, and loads nothing from elsewhere", () => {
    // Preact's own support for dangerouslySetInnerHTML is the only place, and it is not used.
    expect(script.match(/dangerouslySetInnerHTML:/g)).toBeNull();
    expect(script).not.toMatch(/insertAdjacentHTML|document\.write|\beval\(|new Function/);
    expect(script).not.toMatch(/\bimport\(/);
  });
});
