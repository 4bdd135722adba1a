import type { LiveState } from "./socket";

const TYPING_MS = 5_000;

export interface LiveSnapshot {
  state: LiveState;
  /** Conversations whose customer is typing now. */
  typing: ReadonlySet<string>;
  online: ReadonlyMap<string, string>;
}

/** What the socket tells besides messages: its own state, who types, which colleagues are there. */
export class LiveStore {
  #snapshot: LiveSnapshot = { state: "connecting", typing: new Set(), online: new Map() };
  readonly #listeners = new Set<() => void>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): LiveSnapshot => this.#snapshot;

  setState(state: LiveState): void {
    if (state !== this.#snapshot.state) this.#set({ state });
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

  setPresence(userId: string, name: string, online: boolean): void {
    const present = new Map(this.#snapshot.online);
    if (online) present.set(userId, name);
    else present.delete(userId);
    this.#set({ online: present });
  }

  #set(change: Partial<LiveSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}
