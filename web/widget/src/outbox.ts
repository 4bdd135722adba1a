/**
 * Messages on their way, one after the other so that they arrive in the order they were written.
 *
 * Each has a `client_id`: sending it again can never make two of it.
 */

import { ApiError } from "./api";
import { newId } from "./ids";
import type { Message } from "./protocol";
import type { Outgoing } from "./storage";
import type { Store } from "./store";
import { words } from "./locale";

const PAUSES_MS = [1_000, 3_000];
const DEFAULT_WAIT_S = 5;

export interface OutboxHooks {
  post(item: Outgoing): Promise<Message>;
  posted(message: Message): void;
  changed(): void;
}

export class Outbox {
  private busy = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  private run = 0;

  constructor(
    private readonly store: Store,
    private readonly hooks: OutboxHooks,
  ) {}

  add(item: { text: string; payload: string | null; file?: File }): string {
    const clientId = newId();
    const outgoing: Outgoing = {
      clientId,
      text: item.text,
      payload: item.payload,
      at: Date.now(),
      state: "pending",
      reason: null,
      retryAt: 0,
      file: item.file ?? null,
      greetingId: this.store.get().greeting?.id,
    };
    this.put([...this.store.get().outbox, outgoing]);
    this.flush();
    return clientId;
  }

  retry(clientId: string): void {
    this.change(clientId, { state: "pending", reason: null, at: Date.now() });
    this.tries = 0;
    this.flush();
  }

  discard(clientId: string): void {
    this.put(this.store.get().outbox.filter((item) => item.clientId !== clientId));
  }

  stop(): void {
    this.run++;
    this.busy = false;
    clearTimeout(this.timer);
  }

  /** Send whatever may be sent now. */
  flush(): void {
    if (this.busy || !navigator.onLine) return;
    const next = this.store.get().outbox.find((item) => item.state !== "failed");
    if (!next) return;
    clearTimeout(this.timer);
    const wait = next.retryAt - Date.now();
    if (wait > 0) {
      this.timer = setTimeout(() => this.flush(), wait);
      return;
    }
    this.busy = true;
    const { run } = this;
    this.send(next)
      .catch((error: unknown) => {
        if (run === this.run) this.failed(next, error);
      })
      .finally(() => {
        if (run !== this.run) return;
        this.busy = false;
        this.flush();
      });
  }

  async send(item: Outgoing): Promise<void> {
    const { run } = this;
    this.change(item.clientId, { state: "pending" });
    const message = await this.hooks.post(item);
    if (run !== this.run) return;
    this.tries = 0;
    // Also when the gateway does not echo the id: it has been taken, whatever it calls it.
    this.hooks.posted({ ...message, clientId: message.clientId ?? item.clientId });
    this.discard(item.clientId);
  }

  private failed(item: Outgoing, error: unknown): void {
    const problem = error instanceof ApiError ? error : new ApiError(0);
    if (problem.status === 429) {
      const seconds = problem.retryAfter ?? DEFAULT_WAIT_S;
      this.change(item.clientId, { state: "waiting", retryAt: Date.now() + seconds * 1000 });
      return;
    }
    if (!navigator.onLine) return; // stays pending; `online` sends it
    const pause = PAUSES_MS[this.tries];
    if (problem.temporary && pause !== undefined) {
      this.tries++;
      this.change(item.clientId, { retryAt: Date.now() + pause });
      return;
    }
    this.tries = 0;
    const refused = problem.temporary || problem.status === 401 ? null : problem;
    this.change(item.clientId, {
      state: "failed",
      retryAt: 0,
      reason: refused ? refused.detail || words.refused : null,
    });
  }

  private change(clientId: string, change: Partial<Outgoing>): void {
    this.put(
      this.store.get().outbox.map((item) => (item.clientId === clientId ? { ...item, ...change } : item)),
    );
  }

  private put(outbox: Outgoing[]): void {
    this.store.set({ outbox });
    this.hooks.changed();
  }
}
