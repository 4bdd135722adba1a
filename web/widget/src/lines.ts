/** What the log shows: messages and what is on its way, in groups by who speaks. */

import type { Author, Button, Message, Payload } from "./protocol";
import type { State } from "./store";
import type { Outgoing } from "./storage";
import { sameDay } from "./time";

const GROUP_MS = 5 * 60_000;

export interface Line {
  /** The same before and after the gateway has taken it, so that it is not drawn (or read out) anew. */
  key: string;
  author: Author;
  name: string | null;
  text: string;
  payload: Payload | null;
  at: number;
  seq: number | null;
  outgoing: Outgoing | null;
}

export interface Group {
  key: string;
  author: Author;
  name: string | null;
  lines: Line[];
  /** When a day begins with this group: a time within it. */
  newDay: number | null;
}

function fromMessage(message: Message): Line {
  const at = Date.parse(message.sentAt);
  return {
    key: message.clientId ?? message.id,
    author: message.author,
    name: message.name,
    text: message.text,
    payload: message.payload,
    at: Number.isNaN(at) ? Date.now() : at,
    seq: message.seq,
    outgoing: null,
  };
}

function fromOutgoing(item: Outgoing): Line {
  return {
    key: item.clientId,
    author: "customer",
    name: null,
    text: item.text,
    payload: null,
    at: item.at,
    seq: null,
    outgoing: item,
  };
}

/** The greeting before the gateway has it: it becomes a message with the customer's answer. */
function fromGreeting({ id, text }: NonNullable<State["greeting"]>): Line {
  return { key: id, author: "bot", name: null, text, payload: null, at: Date.now(), seq: null, outgoing: null };
}

export function linesOf(state: Pick<State, "messages" | "outbox"> & Partial<Pick<State, "greeting">>): Line[] {
  const greeting = state.greeting && state.messages.length === 0 ? [fromGreeting(state.greeting)] : [];
  return [...greeting, ...state.messages.map(fromMessage), ...state.outbox.map(fromOutgoing)];
}

export function groupsOf(lines: readonly Line[]): Group[] {
  const groups: Group[] = [];
  let before: Line | undefined;
  for (const line of lines) {
    const newDay = !before || !sameDay(before.at, line.at);
    const goesOn =
      before &&
      !newDay &&
      line.author !== "system" &&
      before.author === line.author &&
      before.name === line.name &&
      line.at - before.at < GROUP_MS;
    const last = groups[groups.length - 1];
    if (goesOn && last) last.lines.push(line);
    else {
      const { key, author, name } = line;
      groups.push({ key, author, name, lines: [line], newDay: newDay ? line.at : null });
    }
    before = line;
  }
  return groups;
}

/**
 * For each line with buttons that are spent: the button that was chosen, or null.
 *
 * They are spent when the customer has answered, by one of them or not, or a person has taken over.
 */
export function spentButtons(lines: readonly Line[]): Map<string, Button | null> {
  const spent = new Map<string, Button | null>();
  lines.forEach((line, at) => {
    if (!line.payload?.buttons.length) return;
    const answer = lines.slice(at + 1).find(({ author }) => author === "customer" || author === "agent");
    if (!answer) return;
    const payload = answer.payload?.chosen ?? answer.outgoing?.payload;
    const chosen = line.payload.buttons.find(
      (button) =>
        (payload && button.payload === payload) ||
        (answer.author === "customer" && button.title === answer.text),
    );
    spent.set(line.key, chosen ?? null);
  });
  return spent;
}

/** The lines whose form has been filled in: each form that was sent waits for its own answer. */
export function answeredForms(lines: readonly Line[]): Set<string> {
  const answered = new Set<string>();
  lines.forEach(({ key, payload }, at) => {
    const form = payload?.form;
    if (form && (form.answered || lines.slice(at + 1).some((line) => line.payload?.answers === form.id))) answered.add(key);
  });
  return answered;
}
