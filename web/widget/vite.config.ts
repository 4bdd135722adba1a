import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { ownMembers } from "./build/members";

const LOCALES = resolve(import.meta.dirname, "locales");
const TYPES = resolve(import.meta.dirname, "types/kefu-widget.d.ts");

/** Lays beside the script what it loads when it is needed: a file for each language; and its types. */
function besideTheScript(): Plugin {
  return {
    name: "kefu-beside-the-script",
    generateBundle() {
      for (const file of readdirSync(LOCALES)) {
        if (file === "en.json") continue; // is in the script
        const pack: unknown = JSON.parse(readFileSync(resolve(LOCALES, file), "utf8"));
        this.emitFile({ type: "asset", fileName: `kefu-widget.${file}`, source: JSON.stringify(pack) });
      }
      this.emitFile({ type: "asset", fileName: "kefu-widget.d.ts", source: readFileSync(TYPES, "utf8") });
    },
  };
}

/**
 * Of the tokens that all surfaces share keeps what the widget uses, under short names: nothing outside of its
 * shadow root refers to them. It has no `:root` of its own either.
 */
function leanTokens(): Plugin {
  const folder = resolve(import.meta.dirname, "src/styles");
  const rules = readdirSync(folder).map((file) => readFileSync(resolve(folder, file), "utf8"));
  const tokens = readFileSync(resolve(import.meta.dirname, "../tokens/tokens.css"), "utf8");
  const isUsed = (name: string) => [tokens, ...rules].some((text) => text.includes(`var(${name})`));
  const named = [...tokens.matchAll(/--[\w-]+(?=:)/g)].map(([name]) => name);
  // The longest first: one may begin like another.
  const names = [...new Set(named)].filter(isUsed).sort().reverse();
  const shorten = (text: string) => names.reduce((short, name, at) => short.split(name).join(`--${at.toString(36)}`), text);
  return {
    name: "kefu-lean-tokens",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (id.includes("/accent.ts")) return shorten(code);
      if (!id.includes(".css")) return null;
      return shorten(
        code
          .replace(/^ *:root[^,{]*,\n/gm, "")
          .replace(/^ *(--[\w-]+):[^;]+;.*\n/gm, (line: string, name: string) => (isUsed(name) ? line : "")),
      );
    },
  };
}

export default defineConfig({
  plugins: [leanTokens(), besideTheScript()],
  build: {
    lib: {
      entry: "src/main.tsx",
      formats: ["iife"],
      name: "KefuWidget",
      fileName: () => "kefu-widget.js",
    },
    target: "es2022",
    // Logical properties as they are: the older way tells right-to-left by language, not by `dir`.
    cssTarget: ["chrome111", "firefox113", "safari16.4"],
    minify: "terser",
    terserOptions: {
      ecma: 2020,
      compress: { passes: 3, pure_getters: true, unsafe_arrows: true },
      mangle: { toplevel: true, properties: { regex: ownMembers() } },
    },
    reportCompressedSize: true,
  },
  // The classic way to make elements is the smaller one.
  oxc: {
    jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment" },
    jsxInject: 'import { Fragment, h } from "preact"',
  },
  define: {
    "process.env.NODE_ENV": '"production"',
  },
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
  },
});
