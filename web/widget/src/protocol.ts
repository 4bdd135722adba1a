/**
 * What travels between the widget and the gateway (`/api/v1/widget/…`).
 *
 * Everything from the network passes a reader of this file once; past it, the types can be trusted.
 */

import type { Field } from "./site";

export type Author = "customer" | "bot" | "agent" | "system";
export type Tone = "good" | "warn" | "bad" | "neutral";
export type OwnerKind = "bot" | "queue" | "agent";
export type Status = "open" | "snoozed" | "resolved";

export interface Button {
  title: string;
  payload: string;
}

export interface Link {
  title: string;
  url: string;
}

export interface Fact {
  label: string;
  value: string;
}

export interface Card {
  kind: string;
  title: string;
  subtitle: string;
  url: string;
  image: string;
  facts: Fact[];
  status: { label: string; tone: Tone } | null;
}

export interface Attachment {
  filename: string;
  size: number | null;
}

export interface Form {
  id: string;
  title: string;
  fields: Field[];
  submit: string;
  answered: boolean;
}

export type Facts = Partial<Record<"name" | "position" | "ticket_number" | "reason", string | number>>;

export interface Payload {
  buttons: Button[];
  cards: Card[];
  links: Link[];
  /** On a customer's message: the button that was chosen. */
  chosen: string | null;
  attachment: Attachment | null;
  form: Form | null;
  /** On a customer's message: the form that it answers. */
  answers: string | null;
  /** On what the gateway says of its own accord: what has happened, and what fills the blanks of words for it. */
  event: string;
  facts: Facts;
}

export interface Message {
  id: string;
  seq: number;
  clientId: string | null;
  author: Author;
  name: string | null;
  text: string;
  payload: Payload | null;
  sentAt: string;
}

export interface Session {
  token: string;
  conversationId: string;
  expiresAt: string;
  /** So many ms after its last use the gateway ends it. */
  lifetime: number;
}

/** What the gateway says about the conversation itself; absent fields are left as they were. */
export interface About {
  owner?: { kind: OwnerKind; name: string | null };
  status?: Status;
  verified?: boolean;
  queuePosition?: number | null;
  /** How long the wait for a person will be; null when there is no telling. */
  waitSeconds?: number | null;
  /** Whether the customer has graded this conversation. */
  rated?: boolean;
  /** Whether a grade is asked for. */
  asksRating?: boolean;
}

export interface Frame {
  type: string;
  data: unknown;
}

type Fields = Record<string, unknown>;

export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

const AUTHORS: readonly string[] = ["customer", "bot", "agent", "system"];
const TONES: readonly string[] = ["good", "warn", "bad", "neutral"];
const OWNERS: readonly string[] = ["bot", "queue", "agent"];
const STATUSES: readonly string[] = ["open", "snoozed", "resolved"];

function readCard(value: unknown): Card | null {
  const raw = fields(value);
  const title = text(raw.title);
  if (!title) return null;
  const status = fields(raw.status);
  const tone = text(status.tone);
  return {
    kind: text(raw.kind) || "article",
    title,
    subtitle: text(raw.subtitle),
    url: text(raw.url),
    image: text(raw.image),
    facts: list(raw.facts)
      .map(fields)
      .map((fact) => ({ label: text(fact.label), value: text(fact.value) }))
      .filter((fact) => fact.label && fact.value),
    status: text(status.label)
      ? { label: text(status.label), tone: (TONES.includes(tone) ? tone : "neutral") as Tone }
      : null,
  };
}

function readPayload(value: unknown): Payload | null {
  if (typeof value !== "object" || value === null) return null;
  const raw = fields(value);
  const attachment = fields(raw.attachment);
  return {
    buttons: list(raw.buttons)
      .map(fields)
      .map((button) => ({ title: text(button.title), payload: text(button.payload) }))
      .filter((button) => button.title),
    cards: list(raw.cards)
      .map(readCard)
      .filter((card): card is Card => card !== null),
    links: list(raw.links)
      .map(fields)
      .map((link) => ({ title: text(link.title) || text(link.url), url: text(link.url) }))
      .filter((link) => link.url),
    chosen: text(fields(raw.button).payload) || null,
    attachment: text(attachment.filename)
      ? {
          filename: text(attachment.filename),
          size: typeof attachment.size === "number" ? attachment.size : null,
        }
      : null,
    form: readForm(raw.form),
    answers: text(fields(raw.form_answer).id) || null,
    event: text(raw.event),
    facts: raw as Facts,
  };
}

const KINDS: readonly string[] = ["text", "email", "phone", "select", "textarea", "checkbox"];

function readForm(value: unknown): Form | null {
  const raw = fields(value);
  const asked = list(raw.fields).filter((field) => KINDS.includes(text(fields(field).kind))) as Field[];
  if (!text(raw.id) || asked.length === 0) return null;
  return {
    id: text(raw.id),
    title: text(raw.title),
    fields: asked,
    submit: text(raw.submit),
    answered: raw.answered === true,
  };
}

/** A message, or null when it lacks what ordering and showing it need. */
export function readMessage(value: unknown): Message | null {
  const raw = fields(value);
  const { id, seq, author } = raw;
  if (typeof id !== "string" || typeof seq !== "number" || !AUTHORS.includes(text(author))) return null;
  return {
    id,
    seq,
    clientId: text(raw.client_id) || null,
    author: author as Author,
    name: text(raw.name) || null,
    text: text(raw.text),
    payload: readPayload(raw.payload),
    sentAt: text(raw.sent_at),
  };
}

export function readMessages(value: unknown): Message[] {
  return list(fields(value).items)
    .map(readMessage)
    .filter((message): message is Message => message !== null);
}

/** The session, or null when the answer is not one. */
export function readSession(value: unknown): Session | null {
  const raw = fields(value);
  const token = text(raw.session_token);
  const conversationId = text(raw.conversation_id);
  const expiresAt = text(raw.expires_at);
  const lifetime = Date.parse(expiresAt) - Date.now();
  return token && conversationId ? { token, conversationId, expiresAt, lifetime } : null;
}

/** Owner, status, verification and queue place, from a session, a list or a frame's data. */
export function readAbout(value: unknown): About {
  const raw = fields(value);
  const about: About = {};
  const owner = fields(raw.owner ?? raw);
  const kind = text(owner.kind);
  if (OWNERS.includes(kind)) {
    about.owner = { kind: kind as OwnerKind, name: text(owner.name) || null };
    if (kind !== "queue") about.queuePosition = null;
  }
  if (STATUSES.includes(text(raw.status))) about.status = text(raw.status) as Status;
  if (typeof raw.verified === "boolean") about.verified = raw.verified;
  const position = raw.queue_position ?? raw.position;
  if (typeof position === "number") about.queuePosition = position;
  const wait = raw.wait_seconds;
  if (typeof wait === "number" || wait === null) about.waitSeconds = wait;
  if (typeof raw.asks_rating === "boolean") about.asksRating = raw.asks_rating;
  if (typeof raw.rated === "boolean") about.rated = raw.rated;
  return about;
}

export function readFrame(data: unknown): Frame | null {
  if (typeof data !== "string") return null;
  try {
    const raw = fields(JSON.parse(data));
    return typeof raw.type === "string" ? { type: raw.type, data: raw.data } : null;
  } catch {
    return null; // not ours; the next sync reads whatever it stood for
  }
}
