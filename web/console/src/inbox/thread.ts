/**
 * A conversation as this browser knows it: what the store has confirmed, and what was typed here
 * and is still on its way. Pure functions, so that every order of events can be tested.
 */
import type { FormChoice, StaffMessage } from "../api/types";
import { sameDay } from "../shared/time";

export interface Outgoing {
  clientId: string;
  text: string;
  note: boolean;
  /** The form that goes with it; a text is not needed then. */
  form: FormChoice | null;
  at: string;
  state: "sending" | "failed";
  reason?: string;
}

export interface Thread {
  /** By sequence number, each once. */
  messages: StaffMessage[];
  /** In the order in which they were typed. */
  outbox: Outgoing[];
  /** Whether older messages exist that have not been loaded. */
  hasEarlier: boolean;
}

export const EMPTY: Thread = { messages: [], outbox: [], hasEarlier: false };

/** Take in messages from the store, in whatever order and how often they arrive. */
export function merge(thread: Thread, incoming: readonly StaffMessage[]): Thread {
  if (incoming.length === 0) return thread;
  const bySeq = new Map(thread.messages.map((message) => [message.seq, message]));
  for (const message of incoming) bySeq.set(message.seq, richer(bySeq.get(message.seq), message));
  const confirmed = new Set(incoming.map((message) => message.client_id));
  return {
    ...thread,
    messages: [...bySeq.values()].sort((one, other) => one.seq - other.seq),
    outbox: thread.outbox.filter((entry) => !confirmed.has(entry.clientId)),
  };
}

/** A frame from before the bot's turn may arrive after the one that says what was understood. */
function richer(known: StaffMessage | undefined, next: StaffMessage): StaffMessage {
  if (!known || next.nlu !== null) return next;
  return { ...next, nlu: known.nlu, actions: next.actions ?? known.actions, latency_ms: next.latency_ms ?? known.latency_ms };
}

/** After which number to read again because something is missing; null when nothing is. */
export function gapAfter(thread: Thread): number | null {
  for (let index = 1; index < thread.messages.length; index += 1) {
    const previous = thread.messages[index - 1]!.seq;
    if (thread.messages[index]!.seq !== previous + 1) return previous;
  }
  return null;
}

export function lastSeq(thread: Thread): number {
  return thread.messages.at(-1)?.seq ?? 0;
}

export function enqueue(thread: Thread, entry: Omit<Outgoing, "state">): Thread {
  return { ...thread, outbox: [...thread.outbox, { ...entry, state: "sending" }] };
}

export function fail(thread: Thread, clientId: string, reason: string): Thread {
  return change(thread, clientId, (entry) => ({ ...entry, state: "failed", reason }));
}

/** Try again with the same client id: had the first try arrived after all, it stays one message. */
export function retry(thread: Thread, clientId: string): Thread {
  return change(thread, clientId, ({ reason: _, ...entry }) => ({ ...entry, state: "sending" }));
}

export function discard(thread: Thread, clientId: string): Thread {
  return { ...thread, outbox: thread.outbox.filter((entry) => entry.clientId !== clientId) };
}

function change(thread: Thread, clientId: string, apply: (entry: Outgoing) => Outgoing): Thread {
  return {
    ...thread,
    outbox: thread.outbox.map((entry) => (entry.clientId === clientId ? apply(entry) : entry)),
  };
}

export type Entry =
  | { kind: "day"; key: string; at: Date }
  | { kind: "message"; key: string; message: StaffMessage; continues: boolean }
  | { kind: "outgoing"; key: string; outgoing: Outgoing };

const GROUP_MS = 5 * 60_000;

/** What is drawn, in order: a line where a day begins, and who goes on speaking marked as such. */
export function entries(thread: Thread): Entry[] {
  const shown: Entry[] = [];
  let previous: StaffMessage | undefined;
  for (const message of thread.messages) {
    const at = new Date(message.sent_at);
    if (!previous || !sameDay(new Date(previous.sent_at), at)) {
      shown.push({ kind: "day", key: `day-${message.seq}`, at });
      previous = undefined;
    }
    const continues =
      previous !== undefined &&
      previous.author === message.author &&
      previous.name === message.name &&
      previous.visibility === message.visibility &&
      at.getTime() - new Date(previous.sent_at).getTime() < GROUP_MS;
    // A message that was typed here keeps its key when it is confirmed, so that it does not blink.
    shown.push({ kind: "message", key: message.client_id ?? message.id, message, continues });
    previous = message;
  }
  for (const outgoing of thread.outbox) {
    shown.push({ kind: "outgoing", key: outgoing.clientId, outgoing });
  }
  return shown;
}
