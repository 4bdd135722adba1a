import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Emitter, watch } from "../src/events";
import { greet } from "../src/greetings";
import { choose, fill, inLocale, speak, words } from "../src/locale";
import { isPublished, publish } from "../src/sdk";
import { isStaffed, matches, PLAIN } from "../src/site";
import { Store } from "../src/store";
import { message, outgoing } from "./factories";

describe("languages", () => {
  afterEach(() => speak("en", null));

  it("takes the first wanted one that is offered, of another region too", () => {
    expect(choose(["fr", "zh-TW", "en"], ["en", "zh-CN"], "en")).toBe("zh-CN");
    expect(choose(["ZH-cn"], ["zh", "zh-CN"], "en")).toBe("zh-CN");
    expect(choose(["fr"], ["en"], "de")).toBe("de");
  });

  it("speaks the pack's words, the site's before them, and English where both are silent", () => {
    speak("zh-CN", { dir: "ltr", words: { send: "发送", you: "您" } }, { you: "朋友" });
    expect([words.send, words.you, words.skip]).toEqual(["发送", "朋友", "Skip"]);
  });

  it("fills blanks in, and leaves none", () => {
    expect(fill("{count} of {all}, {nobody}", { count: 12_345, all: "x" })).toBe(`${(12_345).toLocaleString("en")} of x, `);
  });

  it("finds the nearest of a text's languages", () => {
    speak("zh-CN", null);
    expect(inLocale({ en: "a", zh: "b" })).toBe("b");
    expect(inLocale({ en: "a", de: "c" })).toBe("a");
    expect(inLocale({ de: "c" })).toBe("c");
    expect(inLocale({})).toBe("");
  });
});

describe("a site", () => {
  const at = (time: string) => Date.parse(`2026-11-26T${time}:00Z`);

  it("opens and closes while the page stands", () => {
    const open = { ...PLAIN, hours: { open: true, opens_at: null, closes_at: "2026-11-26T17:00:00Z" } };
    expect([isStaffed(open, at("16:59")), isStaffed(open, at("17:00"))]).toEqual([true, false]);
    const shut = { ...PLAIN, hours: { open: false, opens_at: "2026-11-26T09:00:00Z", closes_at: null } };
    expect([isStaffed(shut, at("08:59")), isStaffed(shut, at("09:00"))]).toEqual([false, true]);
    expect(isStaffed({ ...PLAIN, hours: { open: false, opens_at: null, closes_at: null } }, at("12:00"))).toBe(false);
    expect(isStaffed(PLAIN, at("03:00"))).toBe(true);
  });

  it.each([
    ["/products/*", "/products/tent", true],
    ["/products/*", "/product", false],
    ["*", "/", true],
    ["/a.b", "/aXb", false],
    ["/*/cart", "/de/cart", true],
  ])("means by %s the page %s: %s", (pattern, path, isMeant) => expect(matches(pattern, path)).toBe(isMeant));
});

describe("a greeting", () => {
  let store: Store;
  let greeted: string[];
  const memory = { greeted: () => greeted, setGreeted: (ids: string[]) => (greeted = ids) };
  const hello = { id: "hi", path: "*", after_seconds: 3, text: { en: "Hello" } };

  beforeEach(() => {
    vi.useFakeTimers();
    store = new Store();
    greeted = [];
  });

  afterEach(() => vi.useRealTimers());

  it("comes after its time, once", () => {
    const stop = greet([hello], store, memory);
    vi.advanceTimersByTime(3_000);
    expect(store.get().greeting).toBeNull();
    vi.advanceTimersByTime(1_000);
    expect(store.get().greeting).toEqual({ id: "hi", text: "Hello" });
    store.set({ greeting: null });
    vi.advanceTimersByTime(60_000);
    expect(store.get().greeting).toBeNull();
    stop();
  });

  it.each([
    ["an open panel", { open: true }],
    ["a conversation", { messages: [message(1)] }],
    ["a message on its way", { outbox: [outgoing("a")] }],
  ])("does not break into %s", (_, state) => {
    store.set(state);
    const stop = greet([hello], store, memory);
    vi.advanceTimersByTime(60_000);
    expect(store.get().greeting).toBeNull();
    stop();
  });
});

describe("events", () => {
  function listened() {
    const [store, events] = [new Store(), new Emitter()];
    const told: unknown[] = [];
    for (const name of ["open", "close", "message", "unread", "handoff", "error"] as const) {
      events.on(name, (detail) => told.push([name, detail]));
    }
    watch(store, events);
    return { store, told };
  }

  it("tells what is new, and not the history", () => {
    const { store, told } = listened();
    store.set({ phase: "loading" });
    store.set({ messages: [message(1)], seen: 1 });
    expect(told).toEqual([]);
    store.set({ phase: "ready" });
    store.set({ messages: [message(1), message(2, { author: "agent", name: "Ada" })] });
    expect(told).toEqual([
      ["message", { id: "m2", author: "agent", name: "Ada", text: "message 2" }],
      ["unread", 1],
    ]);
  });

  it("tells each change once", () => {
    const { store, told } = listened();
    store.set({ open: true });
    store.set({ draft: "x" });
    store.set({ owner: { kind: "agent", name: "Ada" } });
    store.set({ outbox: [outgoing("a", { state: "failed" })] });
    store.set({ phase: "failed", asGuest: true });
    expect(told).toEqual([
      ["open", undefined],
      ["handoff", { to: "agent", name: "Ada" }],
      ["error", { reason: "send" }],
      ["error", { reason: "load" }],
      ["error", { reason: "identity" }],
    ]);
  });

  it("goes on when a listener of the page throws", () => {
    const complained = vi.spyOn(console, "error").mockImplementation(() => {});
    const events = new Emitter();
    const heard = vi.fn();
    events.on("open", () => {
      throw new Error("the page's own mistake");
    });
    events.on("open", heard);
    events.emit("open", undefined);
    expect(heard).toHaveBeenCalledOnce();
    expect(complained).toHaveBeenCalledOnce();
    complained.mockRestore();
  });

  it("tells of being ready to who asks late", () => {
    const events = new Emitter();
    events.emit("ready", undefined);
    const heard = vi.fn();
    events.on("ready", heard);
    expect(heard).toHaveBeenCalledOnce();
  });
});

describe("window.Kefu", () => {
  afterEach(() => {
    delete window.Kefu;
  });

  it("makes the calls that came before it, in their order, and no others", () => {
    const early = { q: [["open"], ["nonsense"], ["constructor"], ["sendMessage", "hi"], ["on", "ready", () => done.push("ready")]] };
    window.Kefu = early as unknown as NonNullable<typeof window.Kefu>;
    expect(isPublished()).toBe(false);
    const done: string[] = [];
    const events = new Emitter();
    const ready = publish(events);
    expect(isPublished()).toBe(true);
    window.Kefu?.close();
    const note = (name: string) => (value?: unknown) => void done.push(value === undefined ? name : `${name} ${String(value)}`);
    const names = ["open", "close", "toggle", "sendMessage", "identify", "setAttributes", "setLocale", "reset", "destroy"];
    ready(Object.fromEntries(names.map((name) => [name, note(name)])) as never);
    events.emit("ready", undefined);
    window.Kefu?.toggle();
    expect(done).toEqual(["open", "sendMessage hi", "close", "ready", "toggle"]);
  });
});
