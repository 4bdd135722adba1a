/** The gateway over HTTP. The session token travels in the Authorization header only. */

import type { Config } from "./config";
import type { Pack } from "./locale";
import {
  type About,
  fields,
  type Message,
  readAbout,
  readMessage,
  readMessages,
  readSession,
  type Session,
} from "./protocol";
import { PLAIN, type Site } from "./site";

const TIMEOUT_MS = 15_000;
/** The launcher waits for the site's settings, but not long. */
const SETTINGS_TIMEOUT_MS = 4_000;
const UPLOAD_TIMEOUT_MS = 120_000;
const MAX_RETRY_AFTER = 300;

/** An answer that is not a success; status 0 when there was no answer at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** The gateway's words for people, or empty. */
    readonly detail = "",
    /** Seconds to wait, when it said so. */
    readonly retryAfter: number | null = null,
    /** What is wrong with each field of a form. */
    readonly fields: Record<string, string> = {},
  ) {
    super(`gateway answered ${status}`);
  }

  /** Whether the same request may succeed later. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

interface Request {
  method?: "GET" | "POST";
  token?: string;
  json?: unknown;
  form?: FormData;
}

export interface Outbound {
  client_id: string;
  text?: string;
  payload?: string;
  attachment_id?: string;
  greeting_id?: string;
  form?: { id: string; values: Answers };
}

/** What a form was filled in with, by field. */
export type Answers = Record<string, string | number | boolean>;

/** Who is there, as the page's server has signed it, and by which browser that was shown before. */
export interface Identity {
  identity?: string;
  browser_key?: string;
}

/** What a session is started with. */
export interface Opening extends Identity {
  pre_chat?: Answers;
  locale: string;
  page: { path: string; title: string };
}

export class Api {
  private readonly base: string;

  /** The site's settings; the plain ones when they cannot be had. */
  async site(): Promise<Site> {
    const raw = await this.file(`${this.base}/config?site_key=${encodeURIComponent(this.config.siteKey)}`);
    return { ...PLAIN, ...(raw as Partial<Site> | null) };
  }

  /** A language's words, or null when there are none. */
  async pack(tag: string): Promise<Pack | null> {
    return (await this.file(`${this.config.files}kefu-widget.${encodeURIComponent(tag)}.json`)) as Pack | null;
  }

  private async file(url: string): Promise<unknown> {
    try {
      const response = await fetch(url, { credentials: "omit", signal: AbortSignal.timeout(SETTINGS_TIMEOUT_MS) });
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }

  constructor(private readonly config: Config) {
    this.base = `${config.api}/api/v1/widget`;
  }

  async createSession(opening: Opening): Promise<Started> {
    return started(await this.json("/sessions", { json: { site_key: this.config.siteKey, ...opening } }));
  }

  /** The guest has logged in: a new session in place of theirs, which ends. */
  async identify(token: string, json: Identity): Promise<Started> {
    return started(await this.json("/sessions/identify", { token, json }));
  }

  /** Something small whose answer is not needed: `/sessions/reset`, `/attributes`, `/locale`, `/end`. */
  async tell(path: string, token: string, json: object): Promise<void> {
    await this.send(path, { token, json });
  }

  async leave(token: string, json: object): Promise<{ message: Message | null; number: string }> {
    const body = fields(await this.json("/offline-message", { token, json }));
    return { message: readMessage(body.message), number: String(body.ticket_number ?? "") };
  }

  async post(token: string, message: Outbound): Promise<Message> {
    const body = fields(await this.json("/messages", { token, json: message }));
    const stored = readMessage(body.message);
    if (!stored) throw new ApiError(502);
    return stored;
  }

  async messages(token: string, after: number) {
    const body = await this.json(`/messages?after=${after}`, { token });
    return {
      items: readMessages(body),
      more: Boolean(fields(body).next_cursor),
      about: readAbout(fields(body).conversation),
    };
  }

  async upload(token: string, file: File): Promise<string> {
    const form = new FormData();
    form.append("file", file, file.name);
    const { id } = fields(await this.json("/attachments", { token, form }));
    if (typeof id !== "string") throw new ApiError(502);
    return id;
  }

  async socketUrl(token: string): Promise<string> {
    const { ticket } = fields(await this.json("/ws-ticket", { token, json: {} }));
    if (typeof ticket !== "string") throw new ApiError(502);
    return `${this.base.replace(/^http/, "ws")}/ws?ticket=${encodeURIComponent(ticket)}`;
  }

  async rate(token: string, score: number, comment: string): Promise<void> {
    await this.send("/csat", { token, json: { score, ...(comment ? { comment } : {}) } });
  }

  async emailTranscript(token: string): Promise<void> {
    await this.send("/transcript", { token, json: { email: true } });
  }

  async transcript(token: string): Promise<{ filename: string; text: string }> {
    const body = fields(await this.json("/transcript", { token, json: {} }));
    if (typeof body.text !== "string") throw new ApiError(502);
    return { filename: String(body.filename || "conversation.txt"), text: body.text };
  }

  private async json(path: string, request: Request): Promise<unknown> {
    const response = await this.send(path, request);
    return response.json().catch(() => {
      throw new ApiError(502);
    });
  }

  private async send(path: string, { method, token, json, form }: Request): Promise<Response> {
    const headers: Record<string, string> = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (json !== undefined) headers["Content-Type"] = "application/json";
    const body = form ?? (json === undefined ? null : JSON.stringify(json));
    let response: Response;
    try {
      response = await fetch(this.base + path, {
        method: method ?? (body === null ? "GET" : "POST"),
        headers,
        body,
        credentials: "omit",
        signal: AbortSignal.timeout(form ? UPLOAD_TIMEOUT_MS : TIMEOUT_MS),
      });
    } catch {
      throw new ApiError(0);
    }
    if (!response.ok) throw await problem(response);
    return response;
  }
}

export interface Started {
  session: Session;
  about: About;
}

function started(body: unknown): Started {
  const session = readSession(body);
  if (!session) throw new ApiError(502);
  return { session, about: readAbout(body) };
}

async function problem(response: Response): Promise<ApiError> {
  const body = fields(await response.json().catch(() => null));
  const seconds = Number(response.headers.get("retry-after") ?? body.retry_after ?? Number.NaN);
  return new ApiError(
    response.status,
    typeof body.detail === "string" ? plain(body.detail) : "",
    Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER) : null,
    wrongFields(body.errors),
  );
}

/** By the field's own name: where it stands in the request is of no use to people. */
function wrongFields(errors: unknown): Record<string, string> {
  const wrong: Record<string, string> = {};
  for (const error of Array.isArray(errors) ? errors : []) {
    const { field, message } = fields(error);
    wrong[String(field).replace(/^.*\./, "")] = plain(String(message));
  }
  return wrong;
}

/** The gateway names the field first ("text: at most …"); people need only the rest. */
function plain(detail: string): string {
  const rest = detail.replace(/^[a-z_.]+: /, "");
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
