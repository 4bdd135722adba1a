// @vitest-environment node
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { beforeAll, describe, expect, it } from "vitest";

const LIMIT_BYTES = 30 * 1000;

describe("the script that shops load", () => {
  let files: { fileName: string; code: string }[];

  beforeAll(async () => {
    const built = await build({
      root: resolve(__dirname, ".."),
      mode: "production",
      logLevel: "silent",
      build: { write: false },
    });
    const outputs = Array.isArray(built) ? built : [built];
    files = outputs.flatMap((output) => ("output" in output ? output.output : [])) as typeof files;
  }, 60_000);

  it("is one file", () => {
    expect(files.map(({ fileName }) => fileName)).toEqual(["kefu-widget.js"]);
  });

  it("weighs at most 30 kB gzipped", () => {
    expect(gzipSync(files[0]?.code ?? "", { level: 9 }).length).toBeLessThanOrEqual(LIMIT_BYTES);
  });

  it("never turns text into markup, and loads nothing from elsewhere", () => {
    const code = files[0]?.code ?? "";
    // Preact's own support for dangerouslySetInnerHTML is the only place, and it is not used.
    expect(code.match(/dangerouslySetInnerHTML:/g)).toBeNull();
    expect(code).not.toMatch(/insertAdjacentHTML|document\.write|\beval\(|new Function/);
    expect(code).not.toMatch(/\bimport\(/);
  });
});
