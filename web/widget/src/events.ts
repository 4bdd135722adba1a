/** What the host page can listen to, told from how the state changes. */

import type { Author, OwnerKind } from "./protocol";
import { type Store, unread } from "./store";

export interface Events {
  ready: undefined;
  open: undefined;
  close: undefined;
  message: { id: string; author: Author; name: string | null; text: string };
  unread: number;
  /** Who answers from now on. */
  handoff: { to: OwnerKind; name: string | null };
  error: { reason: "load" | "send" | "identity" };
}

export type Listener<Name extends keyof Events> = (detail: Events[Name]) => void;

export class Emitter {
  private readonly listeners: Partial<Record<keyof Events, Set<Listener<never>>>> = {};
  private isReady = false;

  /** Returns what ends it. A page that asks for `ready` too late is told at once. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Name>): () => void {
    const all = (this.listeners[name] ??= new Set());
    all.add(listener);
    if (name === "ready" && this.isReady) this.call(listener as Listener<"ready">, undefined);
    return () => void all.delete(listener);
  }

  emit<Name extends keyof Events>(name: Name, detail: Events[Name]): void {
    if (name === "ready") this.isReady = true;
    for (const listener of this.listeners[name] ?? []) this.call(listener as Listener<Name>, detail);
  }

  /** The page's own mistake is the page's to see, and must not stop the chat. */
  private call<Name extends keyof Events>(listener: Listener<Name>, detail: Events[Name]): void {
    try {
      listener(detail);
    } catch (error) {
      console.error(error);
    }
  }
}

/** Tells each change once; the history that is read at the start is no news. */
export function watch(store: Store, events: Emitter): () => void {
  let before = store.get();
  return store.subscribe(() => {
    const [was, is] = [before, store.get()];
    before = is;
    if (was.open !== is.open) events.emit(is.open ? "open" : "close", undefined);
    if (was.phase !== "loading" && was.messages !== is.messages) {
      const known = new Set(was.messages.map(({ id }) => id));
      for (const { id, author, name, text } of is.messages) {
        if (!known.has(id)) events.emit("message", { id, author, name, text });
      }
    }
    if (unread(was) !== unread(is)) events.emit("unread", unread(is));
    const { kind, name } = is.owner;
    if (kind !== was.owner.kind || name !== was.owner.name) events.emit("handoff", { to: kind, name });
    if (is.phase === "failed" && was.phase !== "failed") events.emit("error", { reason: "load" });
    if (is.asGuest && !was.asGuest) events.emit("error", { reason: "identity" });
    const failed = (of: typeof is) => of.outbox.filter(({ state }) => state === "failed").length;
    if (failed(is) > failed(was)) events.emit("error", { reason: "send" });
  });
}
