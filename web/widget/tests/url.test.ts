import { describe, expect, it } from "vitest";
import { isElsewhere, pieces, safeUrl } from "../src/url";

const BASE = "https://shop.example/products/tent";

describe("safeUrl", () => {
  it.each(["https://a.example/x?y=1#z", "http://a.example", "/orders/KF-1", "invoice.html", "?page=2"])(
    "follows %s",
    (url) => expect(safeUrl(url, BASE)).toBe(url),
  );

  it.each([
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.example/x",
    "/\\evil.example",
    "\\\\evil.example",
    "https://",
    "",
  ])("refuses %j", (url) => expect(safeUrl(url, BASE)).toBeNull());

  it("knows what leaves the site", () => {
    expect(isElsewhere("/orders", BASE)).toBe(false);
    expect(isElsewhere("https://shop.example/x", BASE)).toBe(false);
    expect(isElsewhere("https://other.example/x", BASE)).toBe(true);
  });
});

describe("pieces", () => {
  it("keeps text as it is", () => {
    expect(pieces("<b>bold</b> & 'quoted'")).toEqual([{ text: "<b>bold</b> & 'quoted'", url: null }]);
  });

  it("cuts out addresses without the sentence's punctuation", () => {
    expect(pieces("See https://a.example/b?c=1. Or (http://d.example)!")).toEqual([
      { text: "See ", url: null },
      { text: "https://a.example/b?c=1", url: "https://a.example/b?c=1" },
      { text: ". Or (", url: null },
      { text: "http://d.example", url: "http://d.example" },
      { text: ")!", url: null },
    ]);
  });
});
