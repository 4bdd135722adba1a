/** A gateway in memory: the widget's endpoints and socket as docs and gateway have them. */

import { vi } from "vitest";
import { fields } from "../src/protocol";

export interface Stored {
  id: string;
  seq: number;
  client_id: string | null;
  author: string;
  name: string | null;
  text: string;
  payload: unknown;
  sent_at: string;
}

type Fault = { status: number; headers?: Record<string, string>; body?: unknown } | "no network";

export class FakeSocket {
  static readonly OPEN = 1;
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: Record<string, unknown>[] = [];

  constructor(readonly url: string) {
    FakeSocket.made.push(this);
    queueMicrotask(() => {
      if (FakeSocket.refuse) return this.close();
      this.readyState = FakeSocket.OPEN;
      this.onopen?.();
    });
  }

  send(data: string): void {
    this.sent.push(fields(JSON.parse(data)));
  }

  close(): void {
    this.readyState = 3;
    this.onclose?.();
  }

  frame(type: string, data: unknown): void {
    this.onmessage?.({ data: JSON.stringify({ type, data }) });
  }

  static made: FakeSocket[] = [];
  static refuse = false;
  static last(): FakeSocket {
    const socket = FakeSocket.made[FakeSocket.made.length - 1];
    if (!socket) throw new Error("no socket was opened");
    return socket;
  }
}

export class FakeGateway {
  stored: Stored[] = [];
  conversation = 1;
  valid = "token-1";
  identities: (string | undefined)[] = [];
  state: Record<string, unknown> = { owner: { kind: "bot", name: null }, status: "open", verified: false };
  pageSize = 200;
  /** Answers to give to the next requests of a path instead of the real ones. */
  readonly faults: Record<string, Fault[]> = {};
  readonly requests: string[] = [];
  /** Runs after a message is stored and before its answer is sent. */
  afterPost: (() => void) | null = null;

  install(): void {
    FakeSocket.made = [];
    FakeSocket.refuse = false;
    vi.stubGlobal("WebSocket", FakeSocket);
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => this.fetch(new URL(url), init));
  }

  say(author: string, text: string, more: Partial<Stored> = {}): Stored {
    const seq = more.seq ?? (this.stored[this.stored.length - 1]?.seq ?? 0) + 1;
    const message: Stored = {
      id: `c${this.conversation}-m${seq}`,
      client_id: null,
      name: null,
      payload: null,
      sent_at: new Date().toISOString(),
      ...more,
      author,
      text,
      seq,
    };
    this.stored.push(message);
    return message;
  }

  private async fetch(url: URL, init: RequestInit): Promise<Response> {
    const path = url.pathname.replace("/api/v1/widget", "");
    this.requests.push(`${init.method} ${path}${url.search}`);
    await Promise.resolve();
    const fault = this.faults[path]?.shift();
    if (fault === "no network") throw new TypeError("failed to fetch");
    if (fault) return answer(fault.status, fault.body ?? {}, fault.headers);
    const body = typeof init.body === "string" ? fields(JSON.parse(init.body)) : {};
    if (path === "/sessions") return this.start(body);
    const headers = new Headers(init.headers);
    if (url.searchParams.has("token") || headers.get("authorization") !== `Bearer ${this.valid}`) {
      return answer(401, { detail: "no" });
    }
    if (path === "/ws-ticket") return answer(200, { ticket: "once" });
    if (path === "/messages" && init.method === "GET") return this.list(Number(url.searchParams.get("after")));
    if (path === "/messages") return this.take(body);
    if (path === "/transcript") return answer(200, { filename: "chat.txt", text: "…" });
    return answer(200, {});
  }

  private start(body: Record<string, unknown>): Response {
    this.identities.push(body.identity as string | undefined);
    return answer(201, {
      session_token: this.valid,
      conversation_id: `c${this.conversation}`,
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      ...this.state,
    });
  }

  private list(after: number): Response {
    const all = this.stored.filter(({ seq }) => seq > after);
    const items = all.slice(0, this.pageSize);
    const next = items.length < all.length ? String(items[items.length - 1]?.seq) : null;
    return answer(200, { items, next_cursor: next, conversation: this.state });
  }

  private take(body: Record<string, unknown>): Response {
    const known = this.stored.find(({ client_id }) => client_id === body.client_id);
    if (known) return answer(200, { message: known });
    const payload = body.payload ? { button: { payload: body.payload } } : null;
    const message = this.say("customer", String(body.text ?? ""), { client_id: String(body.client_id), payload });
    this.afterPost?.();
    return answer(201, { message });
  }
}

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
}
