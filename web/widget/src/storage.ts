/**
 * What survives a page change, per site and per person.
 *
 * A guest's session lives in localStorage, so that the chat is still there tomorrow. A signed-in
 * customer's lives in sessionStorage: the host's signature brings the conversation back anyway, and
 * nothing is left behind on a shared computer. Unsent text always belongs to the tab.
 */

import { newId } from "./ids";
import type { Session } from "./protocol";

/** A message on its way; `text` and `payload` as they will be posted. */
export interface Outgoing {
  clientId: string;
  text: string;
  payload: string | null;
  at: number;
  state: "pending" | "waiting" | "failed";
  /** Why it was refused, in words for the customer; null when trying again may help. */
  reason: string | null;
  /** When `waiting`: the time in ms at which it goes out again. */
  retryAt: number;
  file: File | null;
  /** The greeting that this answers. */
  greetingId?: string | undefined;
}

export interface Work {
  outbox: Outgoing[];
  draft: string;
  open: boolean;
}

/** What the customer has asked for on this device; nothing by default. */
export interface Prefs {
  sound?: boolean;
  alerts?: boolean;
}

const EMPTY: Work = { outbox: [], draft: "", open: false };
/** A pending message older than this is not sent behind the customer's back. */
const STALE_MS = 10 * 60_000;

function usable(pick: () => Storage): Storage | null {
  try {
    const storage = pick();
    storage.getItem("kefu");
    return storage;
  } catch {
    return null; // blocked by the browser's settings: the chat then lives as long as the page
  }
}

function valid(saved: Session | null): Session | null {
  if (!saved?.token || !saved.conversationId) return null;
  return Date.parse(saved.expiresAt) <= Date.now() ? null : saved;
}

export class Keep {
  readonly key: string;
  private readonly site: string;
  private readonly device: Storage | null;
  private readonly sessions: Storage | null;
  private readonly tab: Storage | null;

  constructor(siteKey: string, subject: string) {
    const site = `kefu:${siteKey}:`;
    const tab = usable(() => window.sessionStorage);
    const device = usable(() => window.localStorage);
    this.site = site;
    this.device = device;
    this.key = site + (subject ? `id:${subject}` : "guest");
    this.tab = tab;
    this.sessions = subject ? tab : device;
    for (const key of tab ? Object.keys(tab) : []) {
      if (key.startsWith(`${site}id:`) && !key.startsWith(`${this.key}:`)) tab?.removeItem(key);
    }
  }

  session(): Session | null {
    return valid(this.read<Session>(this.sessions, "session"));
  }

  /** A guest's session that was begun before this person logged in; it is theirs to take along. */
  guest(): Session | null {
    return valid(this.read<Session>(this.device, "session", `${this.site}guest`));
  }

  dropGuest(): void {
    this.write(this.device, "session", null, `${this.site}guest`);
  }

  /** Leave nothing of this person in the browser. */
  clear(): void {
    for (const name of ["session", "seen", "skipped"]) this.write(this.sessions, name, null);
    for (const name of ["work", "greeted", "browser"]) this.write(this.tab, name, null);
  }

  /** What this browser shows beside an identity, so that it alone may show the same one again. */
  browserKey(): string {
    const key = this.read<string>(this.tab, "browser") ?? newId();
    this.write(this.tab, "browser", key);
    return key;
  }

  /** The end of a conversation that the customer did not want to grade. */
  skipped(): string | null {
    return this.read(this.sessions, "skipped");
  }

  setSkipped(episode: string): void {
    this.write(this.sessions, "skipped", episode);
  }

  prefs(): Prefs {
    return this.read<Prefs>(this.device, "prefs", this.site) ?? {};
  }

  setPrefs(prefs: Prefs): void {
    this.write(this.device, "prefs", prefs, this.site);
  }

  greeted(): string[] {
    return this.read<string[]>(this.tab, "greeted") ?? [];
  }

  setGreeted(ids: string[]): void {
    this.write(this.tab, "greeted", ids);
  }

  setSession(session: Session | null): void {
    this.write(this.sessions, "session", session);
  }

  /** The last `seq` that was seen, and in which conversation. */
  seen(conversationId: string): number {
    const saved = this.read<{ id: string; seq: number }>(this.sessions, "seen");
    return saved?.id === conversationId ? saved.seq : 0;
  }

  setSeen(conversationId: string, seq: number): void {
    this.write(this.sessions, "seen", { id: conversationId, seq });
  }

  work(): Work {
    const saved = { ...EMPTY, ...this.read<Partial<Work>>(this.tab, "work") };
    const now = Date.now();
    const outbox = saved.outbox.map((item): Outgoing => ({
      ...item,
      retryAt: 0,
      state: item.state === "failed" || now - item.at > STALE_MS ? "failed" : "pending",
    }));
    return { ...saved, outbox };
  }

  setWork(work: Work): void {
    // Files cannot be written down; their messages are gone with the page, as the file is.
    this.write(this.tab, "work", { ...work, outbox: work.outbox.filter((item) => !item.file) });
  }

  private read<T>(storage: Storage | null, name: string, key = this.key): T | null {
    try {
      return JSON.parse(storage?.getItem(`${key}:${name}`) ?? "null") as T | null;
    } catch {
      return null; // another version's; starting fresh is right
    }
  }

  private write(storage: Storage | null, name: string, value: unknown, key = this.key): void {
    try {
      if (value === null) storage?.removeItem(`${key}:${name}`);
      else storage?.setItem(`${key}:${name}`, JSON.stringify(value));
    } catch {
      // Full or blocked: the chat goes on in memory.
    }
  }
}
