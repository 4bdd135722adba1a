/** Which property names may be shortened in the script that ships. */

import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");

/**
 * Where names have a meaning outside of the script: on the wire, in the browser's storage, to the host
 * page, to translators. Whatever these files mention keeps its name.
 */
const BORDER = [
  "locales/en.json",
  "src/config.ts",
  "src/locale.ts",
  "src/sdk.ts",
  "src/storage.ts",
  "src/time.ts",
  "types/kefu-widget.d.ts",
];

/** What the gateway and the script say to each other, in names like `max_bytes`: one like `maxBytes` is our own. */
const WIRE = ["src/api.ts", "src/protocol.ts", "src/site.ts"];

function sources(folder: string): string[] {
  return readdirSync(resolve(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => `${folder}/${file}`);
}

function read(file: string): string {
  return readFileSync(resolve(ROOT, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
}

function found(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = ""]) => name);
}

/**
 * A pattern of the properties that only the script itself knows, for terser, which spares the browser's own.
 *
 * Attributes and quoted names are spared too: the one becomes part of the page, the other is made at run time.
 */
export function ownMembers(): RegExp {
  const border = BORDER.map(read).join("\n");
  const inner = sources("src")
    .filter((file) => !BORDER.includes(file))
    .map(read)
    .join("\n");
  const spared = new Set([
    ...found(border, /(\w+)/g),
    ...found(WIRE.map(read).join("\n"), /\b([A-Z]\w*|[a-z][a-z0-9_]*)\b/g),
    ...found(inner, /\s(\w+)=[{"]/g),
    ...found(inner, /["'`](\w+)["'`]/g),
  ]);
  const own = new Set(found(inner, /\.([a-z]\w{2,})/gi).filter((name) => !spared.has(name)));
  return new RegExp(`^(${[...own].join("|")})$`);
}
