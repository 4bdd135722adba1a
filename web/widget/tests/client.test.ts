import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Api } from "../src/api";
import { Client } from "../src/client";
import type { Config } from "../src/config";
import { PLAIN, type Site } from "../src/site";
import { identity } from "./factories";
import { FakeGateway, FakeSocket } from "./gateway";

let gateway: FakeGateway;
let clients: Client[];

function client(given: Partial<Config> = {}, site: Partial<Site> = {}): Client {
  const config: Config = {
    siteKey: "shop",
    identity: "",
    api: "https://desk.example",
    title: "",
    accent: "",
    theme: "auto",
    locale: "",
    files: "https://desk.example/widget/",
    ...given,
  };
  const made = new Client(config, new Api(config), { ...PLAIN, ...site });
  clients.push(made);
  made.start();
  return made;
}

/** Lets everything under way finish, and this much time pass. */
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const texts = (of: Client) => of.store.get().messages.map(({ text }) => text);
const outbox = (of: Client) => of.store.get().outbox;
const posts = () => gateway.requests.filter((line) => line === "POST /messages").length;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  sessionStorage.clear();
  clients = [];
  gateway = new FakeGateway();
  gateway.install();
});

afterEach(() => {
  for (const each of clients) each.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("starting", () => {
  it("asks nothing of the gateway for a guest who only looks at the page", async () => {
    const guest = client();
    guest.setOpen(true);
    await pass(60_000);
    expect(gateway.requests).toEqual([]);
    expect(guest.store.get().phase).toBe("idle");
  });

  it("starts at once for a signed-in customer, while the signature is fresh", async () => {
    gateway.say("bot", "Welcome back");
    const known = client({ identity: identity("c-1") });
    expect(known.store.get().phase).toBe("loading");
    await pass();
    expect(texts(known)).toEqual(["Welcome back"]);
    expect(known.store.get().phase).toBe("ready");
  });

  it("goes on as a guest when the signature has expired, and says so", async () => {
    gateway.faults["/sessions"] = [{ status: 401 }];
    const late = client({ identity: identity("c-1") });
    await pass();
    expect(gateway.identities).toEqual([undefined]);
    expect(late.store.get().notice).toMatch(/guest/);
  });

  it("takes up the conversation after a page change", async () => {
    const first = client();
    first.send("hello");
    await pass(200);
    first.stop();
    const second = client();
    await pass();
    expect(texts(second)).toEqual(["hello"]);
    expect(gateway.requests.filter((line) => line === "POST /sessions")).toHaveLength(1);
  });

  it("counts the end of the session from its last use", async () => {
    const first = client();
    first.send("hello");
    await pass(50 * 60_000); // of the hour that the session lasts unused
    first.send("still here");
    await pass(50 * 60_000);
    first.stop();
    const second = client();
    await pass();
    expect(texts(second)).toEqual(["hello", "still here"]);
    expect(gateway.requests.filter((line) => line === "POST /sessions")).toHaveLength(1);
  });

  it("says when the history cannot be read, and reads it on demand", async () => {
    gateway.say("bot", "Welcome back");
    gateway.faults["/messages"] = [{ status: 500 }];
    const known = client({ identity: identity("c-1") });
    await pass();
    expect(known.store.get()).toMatchObject({ phase: "failed", link: "live" });
    known.retryLoading();
    await pass();
    expect(texts(known)).toEqual(["Welcome back"]);
  });
});

describe("reading", () => {
  async function connected(): Promise<Client> {
    const known = client({ identity: identity("c-1") });
    await pass();
    return known;
  }

  it("says hello with the last number it has read", async () => {
    gateway.say("bot", "one");
    const known = await connected();
    await pass();
    FakeSocket.last().close();
    await pass(1_000);
    expect(FakeSocket.last().sent).toContainEqual({ type: "hello", last_seq: 1 });
    expect(FakeSocket.made).toHaveLength(2);
    expect(known.store.get().link).toBe("live");
  });

  it("fills a gap before it moves on, in order", async () => {
    const known = await connected();
    gateway.say("bot", "one");
    gateway.say("bot", "two");
    FakeSocket.last().frame("message", gateway.say("bot", "three"));
    await pass();
    expect(texts(known)).toEqual(["one", "two", "three"]);
    expect(known.store.get().frontier).toBe(3);
  });

  it("does not ask again and again for numbers that staff notes took", async () => {
    const known = await connected();
    gateway.requests.length = 0;
    FakeSocket.last().frame("message", gateway.say("bot", "after two notes", { seq: 3 }));
    await pass(1_000);
    expect(gateway.requests).toEqual(["GET /messages?after=0"]);
    expect(known.store.get().frontier).toBe(3);
    FakeSocket.last().frame("message", gateway.say("bot", "next"));
    await pass(1_000);
    expect(gateway.requests).toHaveLength(1);
  });

  it("shows a message once, however often and in whatever order it comes", async () => {
    const known = await connected();
    const [one, two] = [gateway.say("bot", "one"), gateway.say("bot", "two")];
    for (const each of [two, one, two, one]) FakeSocket.last().frame("message", each);
    await pass();
    expect(texts(known)).toEqual(["one", "two"]);
  });

  it("reads a long history page by page", async () => {
    gateway.pageSize = 2;
    for (let n = 1; n <= 5; n++) gateway.say("bot", String(n));
    const known = await connected();
    expect(texts(known)).toEqual(["1", "2", "3", "4", "5"]);
  });

  it("polls while there is no socket, and tells nobody as long as that works", async () => {
    FakeSocket.refuse = true;
    const known = client({ identity: identity("c-1") });
    known.setOpen(true);
    await pass();
    gateway.say("agent", "over HTTP", { name: "Ada" });
    await pass(3_100);
    expect(texts(known)).toEqual(["over HTTP"]);
    expect(known.store.get().link).toBe("polling");
  });

  it("asks by itself when an answer is overdue on a live socket", async () => {
    const known = await connected();
    gateway.afterPost = () => gateway.say("bot", "an answer whose frame was lost");
    known.send("hello");
    await pass(5_100);
    expect(texts(known)).toEqual(["hello", "an answer whose frame was lost"]);
  });

  it("follows who speaks, and reads the state when a frame does not tell all", async () => {
    const known = await connected();
    gateway.state = { owner: { kind: "agent", name: "Ada" }, status: "open", verified: true };
    FakeSocket.last().frame("owner", { kind: "agent", name: "Ada" });
    await pass();
    expect(known.store.get()).toMatchObject({ owner: { kind: "agent", name: "Ada" }, verified: true });
    FakeSocket.last().frame("queue", { position: 2 });
    expect(known.store.get().queuePosition).toBe(2);
  });

  it("learns that the customer is verified from the first record that is shown", async () => {
    const known = await connected();
    gateway.state = { ...gateway.state, verified: true };
    FakeSocket.last().frame("message", gateway.say("bot", "x", { payload: { cards: [{ kind: "product", title: "Tent" }] } }));
    await pass();
    expect(known.store.get().verified).toBe(false);
    FakeSocket.last().frame("message", gateway.say("bot", "y", { payload: { cards: [{ kind: "order", title: "KF-1234567" }] } }));
    await pass();
    expect(known.store.get().verified).toBe(true);
  });

  it("shows typing until words come or time is up", async () => {
    const known = await connected();
    FakeSocket.last().frame("typing", { author: "agent", on: true, name: "Ada" });
    expect(known.store.get().typing).toEqual({ author: "agent", name: "Ada" });
    await pass(8_100);
    expect(known.store.get().typing).toBeNull();
    FakeSocket.last().frame("typing", { author: "bot", on: true });
    FakeSocket.last().frame("message", gateway.say("bot", "here"));
    expect(known.store.get().typing).toBeNull();
  });
});

describe("sending", () => {
  it("shows the message at once, then the stored one in its place", async () => {
    const guest = client();
    guest.send("  hello  ");
    expect(outbox(guest)).toMatchObject([{ text: "hello", state: "pending" }]);
    await pass();
    expect(outbox(guest)).toEqual([]);
    expect(texts(guest)).toEqual(["hello"]);
  });

  it("keeps the order of quick messages", async () => {
    const guest = client();
    for (const text of ["one", "two", "three"]) guest.send(text);
    await pass();
    expect(texts(guest)).toEqual(["one", "two", "three"]);
  });

  it("tries again with the same id: an answer that was lost makes no second message", async () => {
    const guest = client();
    guest.send("first");
    await pass();
    gateway.afterPost = () => {
      gateway.faults["/messages"] = [];
    };
    const { fetch } = globalThis;
    let cut = true;
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      const response = await fetch(url, init);
      if (cut && init.method === "POST" && url.endsWith("/messages")) {
        cut = false;
        throw new TypeError("connection lost after the gateway had stored it");
      }
      return response;
    });
    guest.send("second");
    await pass(5_000);
    expect(texts(guest)).toEqual(["first", "second"]);
    expect(posts()).toBe(3);
  });

  it("gives up after three tries, and sends on demand", async () => {
    gateway.faults["/messages"] = [{ status: 503 }, "no network", { status: 500 }];
    const guest = client();
    guest.send("hello");
    await pass(10_000);
    expect(outbox(guest)).toMatchObject([{ state: "failed", reason: null }]);
    expect(posts()).toBe(3);
    guest.outbox.retry(outbox(guest)[0]?.clientId ?? "");
    await pass();
    expect(texts(guest)).toEqual(["hello"]);
  });

  it("waits as long as the gateway asks when it is too fast for it", async () => {
    gateway.faults["/messages"] = [{ status: 429, headers: { "retry-after": "7" } }];
    const guest = client();
    guest.send("hello");
    guest.send("and more");
    await pass(6_500);
    expect(outbox(guest)[0]).toMatchObject({ text: "hello", state: "waiting" });
    expect(posts()).toBe(1);
    await pass(1_000);
    expect(texts(guest)).toEqual(["hello", "and more"]);
  });

  it("gives the reason of a refusal and lets the next ones pass", async () => {
    gateway.faults["/messages"] = [{ status: 413, body: { detail: "text: at most 4,000 characters" } }];
    const guest = client();
    guest.send("too long");
    guest.send("fine");
    await pass(1_000);
    expect(outbox(guest)).toMatchObject([{ text: "too long", state: "failed", reason: "At most 4,000 characters" }]);
    expect(texts(guest)).toEqual(["fine"]);
  });

  it("starts a new session when the old one has ended, without losing what was unsent", async () => {
    const guest = client();
    guest.send("old");
    await pass();
    gateway.conversation = 2;
    gateway.stored = [];
    gateway.valid = "token-2";
    guest.setDraft("half a thou");
    guest.send("new");
    await pass();
    expect(texts(guest)).toEqual(["new"]);
    expect(guest.store.get()).toMatchObject({ draft: "half a thou", frontier: 1 });
    expect(guest.store.get().notice).toMatch(/new one/);
    expect(gateway.requests.filter((line) => line === "POST /sessions")).toHaveLength(2);
  });

  it("keeps what is written offline and sends it when the network is back", async () => {
    const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    const guest = client();
    guest.send("from the tunnel");
    await pass(60_000);
    expect(guest.store.get().link).toBe("offline");
    expect(posts()).toBe(0);
    online.mockReturnValue(true);
    window.dispatchEvent(new Event("online"));
    await pass();
    expect(texts(guest)).toEqual(["from the tunnel"]);
    online.mockRestore();
  });

  it("sends after a page change what was still on its way", async () => {
    gateway.faults["/sessions"] = ["no network", "no network", "no network"];
    const first = client();
    first.send("unlucky");
    await pass(200);
    first.stop();
    gateway.faults["/sessions"] = [];
    const second = client();
    await pass();
    expect(texts(second)).toEqual(["unlucky"]);
  });

  it("presses a button by its payload, and shows its title", async () => {
    const guest = client();
    guest.send("Yes", "/affirm");
    expect(outbox(guest)).toMatchObject([{ text: "Yes", payload: "/affirm" }]);
    await pass();
    expect(gateway.stored[0]?.payload).toEqual({ button: { payload: "/affirm" } });
  });
});

describe("another person", () => {
  it("gets a conversation of their own, and nothing of the one before", async () => {
    gateway.say("bot", "about the first one's order");
    const shared = client({ identity: identity("c-1") });
    await pass();
    shared.setDraft("a secret");
    gateway.conversation = 2;
    gateway.stored = [];
    gateway.valid = "token-2";
    shared.identify(identity("c-2"));
    await pass(200);
    expect(texts(shared)).toEqual([]);
    expect(shared.store.get().draft).toBe("");
    expect(gateway.identities).toEqual([identity("c-1"), identity("c-2")]);
    expect(JSON.stringify({ ...sessionStorage })).not.toContain("c-1");
  });

  it("leaves nothing of a signed-in customer in the browser once they have signed out", async () => {
    const shared = client({ identity: identity("c-1") });
    await pass(200);
    expect(Object.keys(localStorage)).toEqual([]);
    shared.identify("");
    await pass(200);
    expect(Object.keys(sessionStorage).filter((key) => key.includes("c-1"))).toEqual([]);
  });

  it("is not somebody whose page merely signed anew", async () => {
    const same = client({ identity: identity("c-1") });
    await pass();
    same.identify(`${identity("c-1")}x`);
    await pass();
    expect(gateway.identities).toHaveLength(1);
  });
});

it("never puts the session token in an address", async () => {
  const known = client({ identity: identity("c-1") });
  known.send("hello");
  await pass(1_000);
  expect(gateway.requests.join(" ")).not.toContain(gateway.valid);
  expect(FakeSocket.last().url).toBe("wss://desk.example/api/v1/widget/ws?ticket=once");
});
