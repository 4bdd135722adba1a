import type { Colleague } from "./frames";
import type { LiveState } from "./socket";

const TYPING_MS = 5_000;

export interface LiveSnapshot {
  state: LiveState;
  /** Conversations whose customer is typing now. */
  typing: ReadonlySet<string>;
  online: ReadonlyMap<string, string>;
  /** Conversations whose customer has them open. */
  customers: ReadonlySet<string>;
}

/** What the socket tells besides messages: its own state, who types, which colleagues are there. */
export class LiveStore {
  #snapshot: LiveSnapshot = { state: "connecting", typing: new Set(), online: new Map(), customers: new Set() };
  readonly #listeners = new Set<() => void>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): LiveSnapshot => this.#snapshot;

  setState(state: LiveState): void {
    if (state === this.#snapshot.state) return;
    this.#set({ state });
    if (state === "offline") this.forgetPresence();
  }

  setTyping(conversationId: string, on: boolean): void {
    clearTimeout(this.#timers.get(conversationId));
    this.#timers.delete(conversationId);
    if (on) {
      // Nobody says when they stop: silence does.
      const timer = setTimeout(() => this.setTyping(conversationId, false), TYPING_MS);
      this.#timers.set(conversationId, timer);
    }
    if (on === this.#snapshot.typing.has(conversationId)) return;
    const typing = new Set(this.#snapshot.typing);
    if (on) typing.add(conversationId);
    else typing.delete(conversationId);
    this.#set({ typing });
  }

  setPresence(staff: readonly Colleague[], conversations: readonly string[], online: boolean): void {
    const present = new Map(this.#snapshot.online);
    const customers = new Set(this.#snapshot.customers);
    for (const { id, name } of staff) online ? present.set(id, name) : present.delete(id);
    for (const id of conversations) online ? customers.add(id) : customers.delete(id);
    this.#set({ online: present, customers });
  }

  /** Who is there is told anew by the next socket. */
  forgetPresence(): void {
    this.#set({ online: new Map(), customers: new Set() });
  }

  #set(change: Partial<LiveSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}
