import type { Message, Payload } from "../src/protocol";
import type { Outgoing } from "../src/storage";

export function message(seq: number, fields: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    seq,
    clientId: null,
    author: "bot",
    name: null,
    text: `message ${seq}`,
    payload: null,
    sentAt: new Date(Date.UTC(2026, 2, 1, 10, 0, seq)).toISOString(),
    ...fields,
  };
}

export function outgoing(clientId: string, fields: Partial<Outgoing> = {}): Outgoing {
  return {
    clientId,
    text: clientId,
    payload: null,
    at: Date.UTC(2026, 2, 1, 12),
    state: "pending",
    reason: null,
    retryAt: 0,
    file: null,
    ...fields,
  };
}

export function payload(parts: Partial<Payload>): Payload {
  return {
    buttons: [],
    cards: [],
    links: [],
    chosen: null,
    attachment: null,
    form: null,
    answers: null,
    event: "",
    facts: {},
    ...parts,
  };
}

/** A JWT whose signature nobody here checks. */
export function identity(subject: string): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ sub: subject }));
  const body = btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  return `e30.${body}.signature`;
}
