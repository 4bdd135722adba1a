import { defineConfig } from "vitest/config";

export default defineConfig({
  build: {
    lib: {
      entry: "src/main.tsx",
      formats: ["iife"],
      name: "KefuWidget",
      fileName: () => "kefu-widget.js",
    },
    target: "es2020",
    reportCompressedSize: true,
  },
  define: {
    "process.env.NODE_ENV": '"production"',
  },
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
  },
});
