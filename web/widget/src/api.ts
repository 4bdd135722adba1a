/** The gateway over HTTP. The session token travels in the Authorization header only. */

import type { Config } from "./config";
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

const TIMEOUT_MS = 15_000;
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
}

export class Api {
  private readonly base: string;

  constructor(private readonly config: Config) {
    this.base = `${config.api}/api/v1/widget`;
  }

  async createSession(identity: string): Promise<{ session: Session; about: About }> {
    const body = await this.json("/sessions", {
      json: { site_key: this.config.siteKey, ...(identity ? { identity } : {}) },
    });
    const session = readSession(body);
    if (!session) throw new ApiError(502);
    return { session, about: readAbout(body) };
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
    const headers: Record<string, string> = { Accept: "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (json !== undefined) headers["Content-Type"] = "application/json";
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), form ? UPLOAD_TIMEOUT_MS : TIMEOUT_MS);
    const body = form ?? (json === undefined ? null : JSON.stringify(json));
    let response: Response;
    try {
      response = await fetch(this.base + path, {
        method: method ?? (body === null ? "GET" : "POST"),
        headers,
        body,
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "strict-origin-when-cross-origin",
        signal: stop.signal,
      });
    } catch {
      throw new ApiError(0);
    } finally {
      clearTimeout(timer);
    }
    if (!response.ok) throw await problem(response);
    return response;
  }
}

async function problem(response: Response): Promise<ApiError> {
  const body = fields(await response.json().catch(() => null));
  const seconds = Number(response.headers.get("retry-after") ?? body.retry_after ?? Number.NaN);
  return new ApiError(
    response.status,
    typeof body.detail === "string" ? plain(body.detail) : "",
    Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER) : null,
  );
}

/** The gateway names the field first ("text: at most …"); people need only the rest. */
function plain(detail: string): string {
  const rest = detail.replace(/^[a-z_.]+: /, "");
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
