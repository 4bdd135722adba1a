/** The widget's state and the few pure rules by which it changes. */

import type { About, Author, Message, OwnerKind, Status } from "./protocol";
import type { Outgoing } from "./storage";

export interface State {
  /** Of the history: `idle` when there is no conversation yet. */
  phase: "idle" | "loading" | "ready" | "failed";
  /** `polling` works as `live` does, only slower. */
  link: "off" | "live" | "polling" | "reconnecting" | "offline";
  /** By `seq`, each once. */
  messages: readonly Message[];
  /** Every message up to here has been read from the gateway. */
  frontier: number;
  outbox: readonly Outgoing[];
  typing: { author: Author; name: string | null } | null;
  owner: { kind: OwnerKind; name: string | null };
  status: Status;
  verified: boolean;
  queuePosition: number | null;
  waitSeconds: number | null;
  open: boolean;
  seen: number;
  draft: string;
  notice: string | null;
  /** The page's signature was refused, so that the customer is a guest. */
  asGuest: boolean;
  rating: "none" | "sending" | "failed" | "done";
  asksRating: boolean;
  /** What was said before the customer said anything. */
  greeting: { id: string; text: string } | null;
  /** Whether the form for a message to people who are away is shown. */
  leaving: boolean;
  /** The language shown; drawn anew when it changes. */
  locale: string;
}

export const INITIAL: State = {
  phase: "idle",
  link: "off",
  messages: [],
  frontier: 0,
  outbox: [],
  typing: null,
  owner: { kind: "bot", name: null },
  status: "open",
  verified: false,
  queuePosition: null,
  waitSeconds: null,
  open: false,
  seen: 0,
  draft: "",
  notice: null,
  asGuest: false,
  rating: "none",
  asksRating: false,
  greeting: null,
  leaving: false,
  locale: "en",
};

export class Store {
  private state: State = INITIAL;
  private readonly listeners = new Set<() => void>();

  get(): State {
    return this.state;
  }

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** The messages with the incoming ones in place: by `seq`, each `id` once, the newest copy kept. */
export function merge(known: readonly Message[], incoming: readonly Message[]): readonly Message[] {
  if (incoming.length === 0) return known;
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of incoming) byId.set(message.id, message);
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

/** Takes messages in, and lets the outbox go of what has arrived. */
export function received(state: State, incoming: readonly Message[]): Partial<State> {
  const messages = merge(state.messages, incoming);
  const arrived = new Set(messages.map((message) => message.clientId));
  const outbox = state.outbox.filter((item) => !arrived.has(item.clientId));
  const spoke = incoming.some(({ author, seq }) => author !== "customer" && seq > state.frontier);
  return {
    messages,
    outbox: outbox.length === state.outbox.length ? state.outbox : outbox,
    ...(spoke ? { typing: null } : {}),
    ...(messages.length ? { greeting: null } : {}),
  };
}

/**
 * Whether something lies between what has been read and this message.
 *
 * Staff notes use numbers of the same row and are never shown, so a gap can also be nothing: reading
 * after `frontier` settles it either way.
 */
export function leavesGap(state: State, message: Message): boolean {
  return message.seq > state.frontier + 1;
}

export function told(state: State, about: About): Partial<State> {
  const change: Partial<State> = {};
  if (about.owner) change.owner = about.owner;
  if (about.status) change.status = about.status;
  if (about.verified !== undefined) change.verified = about.verified;
  if (about.queuePosition !== undefined) change.queuePosition = about.queuePosition;
  if (about.waitSeconds !== undefined) change.waitSeconds = about.waitSeconds;
  if (about.asksRating !== undefined) change.asksRating = about.asksRating;
  if (about.rated) change.rating = "done";
  // A conversation that was reopened can be graded at its next end.
  if (about.status === "open" && state.status === "resolved") change.rating = "none";
  return change;
}

/** What others wrote since the customer last looked, or wrote. */
export function unread(state: State): number {
  const seen = state.messages.reduce(
    (last, { author, seq }) => (author === "customer" ? Math.max(last, seq) : last),
    state.seen,
  );
  return state.messages.filter(({ seq, author }) => author !== "customer" && seq > seen).length;
}

/** Whether the assistant owes an answer. */
export function awaitsAnswer(state: State): boolean {
  const last = state.messages[state.messages.length - 1];
  return state.owner.kind === "bot" && last?.author === "customer" && state.status !== "resolved";
}
