/** The conversation for the pages of the widget: who is here, what they say and wish, and staying connected. */

import type { Answers, Api, Outbound } from "./api";
import { type Config, subjectOf } from "./config";
import { words } from "./locale";
import { newId } from "./ids";
import { Outbox } from "./outbox";
import type { Message } from "./protocol";
import { Reader } from "./reading";
import { Sessions } from "./sessions";
import { Socket } from "./socket";
import type { Site } from "./site";
import { Keep, type Prefs } from "./storage";
import { INITIAL, Store, told } from "./store";
import { Tabs } from "./tabs";

const TYPING_EVERY_MS = 3_000;

export class Client {
  readonly store = new Store();
  readonly outbox: Outbox;
  private readonly socket: Socket;
  private keep: Keep;
  private tabs: Tabs;
  private sessions: Sessions;
  private reader: Reader;
  private saveTimer: ReturnType<typeof setTimeout> | undefined;
  private typedAt = 0;
  private attributes: Answers = {};

  constructor(
    private readonly config: Config,
    private readonly api: Api,
    readonly site: Site,
  ) {
    this.keep = new Keep(config.siteKey, subjectOf(config.identity));
    this.tabs = this.tabsOf();
    this.sessions = this.sessionsOf(config.identity);
    this.reader = this.readerOf();
    this.outbox = new Outbox(this.store, {
      post: (item) => this.sessions.authorised((token) => this.post(token, item)),
      posted: (message) => this.reader.take(message),
      changed: () => this.save(),
    });
    this.socket = new Socket({
      url: () => this.sessions.authorised((token) => this.api.socketUrl(token)),
      lastSeq: () => this.store.get().frontier,
      frame: (frame) => this.reader.heard(frame),
      live: (isLive) => {
        this.reader.linked(isLive);
        if (isLive) this.outbox.flush();
      },
    });
  }

  /** Take up what was left off; with an identity, start while its signature is fresh. */
  start(): void {
    const { outbox, draft, open } = this.keep.work();
    this.store.set({ ...INITIAL, outbox, draft, open, locale: this.store.get().locale });
    const { current, identity } = this.sessions;
    if (current || identity) {
      this.store.set({ phase: "loading", seen: current ? this.keep.seen(current.conversationId) : 0 });
      this.reader.sync();
      this.connect();
    }
    this.outbox.flush();
    window.addEventListener("online", this.online);
    window.addEventListener("offline", this.offline);
    document.addEventListener("visibilitychange", this.shown);
    if (!navigator.onLine) this.offline();
  }

  stop(): void {
    this.socket.stop();
    this.outbox.stop();
    this.tabs.close();
    this.reader.stop();
    clearTimeout(this.saveTimer);
    window.removeEventListener("online", this.online);
    window.removeEventListener("offline", this.offline);
    document.removeEventListener("visibilitychange", this.shown);
  }

  /** The host page says that somebody else (or nobody) is signed in now. */
  identify(identity: string): void {
    const same = subjectOf(identity) === subjectOf(this.sessions.identity);
    if (same) {
      this.sessions.identity = identity;
      return;
    }
    this.flushSave();
    // What a guest has said goes along; what a customer has said stays behind.
    if (this.sessions.identity) this.end();
    this.become(identity);
  }

  /** Forget who is here: the next words are a stranger's. */
  reset(): void {
    this.end();
    this.keep.clear();
    this.attributes = {};
    this.become("");
  }

  /** The session is over for the gateway too. */
  private end(): void {
    const { current } = this.sessions;
    if (current) void this.api.tell("/sessions/reset", current.token, {}).catch(() => {});
  }

  private become(identity: string): void {
    const { open } = this.store.get();
    this.stop();
    this.sessions.close();
    this.keep = new Keep(this.config.siteKey, subjectOf(identity));
    this.tabs = this.tabsOf();
    this.sessions = this.sessionsOf(identity);
    this.reader = this.readerOf();
    this.start();
    this.store.set({ open });
  }

  /** What the page knows of the customer, for staff to see. */
  setAttributes(attributes: Answers): void {
    this.attributes = { ...this.attributes, ...attributes };
    this.tellMore("/attributes", { attributes });
  }

  /** The language that is spoken has changed. */
  setLocale(locale: string): void {
    this.store.set({ locale });
    this.tellMore("/locale", { locale });
  }

  /** Before there is a session nothing is told: it starts with all of it. */
  private tellMore(path: string, json: object): void {
    if (this.sessions.current) void this.sessions.authorised((token) => this.api.tell(path, token, json)).catch(() => {});
  }

  /** Whether guests are asked who they are before they chat, and this one has not said yet. */
  asksFirst(): boolean {
    return this.site.pre_chat !== null && this.store.get().phase === "idle";
  }

  /** Whether only people who are logged in on the page may chat, and this one is not. */
  get isShut(): boolean {
    return this.site.identity_required && !this.sessions.identity;
  }

  /** Start the chat with what the customer has said of themselves. */
  async begin(values: Answers): Promise<void> {
    this.sessions.preChat = values;
    await this.sessions.ensure();
    this.store.set({ phase: "ready" });
    this.outbox.flush();
  }

  async answerForm(id: string, values: Answers): Promise<void> {
    this.reader.take(await this.sessions.authorised((token) => this.api.post(token, { client_id: newId(), form: { id, values } })));
  }

  /** Leave a message for people who are away; the same `clientId` never leaves two. Returns its number. */
  async leave(clientId: string, values: Answers): Promise<string> {
    const left = await this.sessions.authorised((token) => this.api.leave(token, { client_id: clientId, ...values }));
    this.reader.take(left.message);
    return left.number;
  }

  get prefs(): Prefs {
    return this.keep.prefs();
  }

  /** The customer needs nothing more. */
  finish(): void {
    this.tellMore("/end", {});
  }

  setPref(change: Prefs): void {
    this.keep.setPrefs({ ...this.prefs, ...change });
    this.store.set({});
  }

  greeted(): string[] {
    return this.keep.greeted();
  }

  setGreeted(ids: string[]): void {
    this.keep.setGreeted(ids);
  }

  send(text: string, payload: string | null = null): void {
    const trimmed = text.trim();
    if (!trimmed) return;
    if (this.asksFirst()) {
      this.setDraft(trimmed);
      return;
    }
    this.store.set({ notice: null });
    this.outbox.add({ text: trimmed, payload });
  }

  attach(file: File): void {
    this.outbox.add({ text: file.name, payload: null, file });
  }

  setOpen(open: boolean): void {
    if (open === this.store.get().open) return;
    this.store.set({ open });
    this.save();
    if (!open) return;
    this.read();
    if (this.sessions.current) {
      if (!this.reader.isLive) this.socket.kick();
      this.reader.sync();
    }
  }

  setDraft(draft: string): void {
    this.store.set({ draft });
    this.save();
    const now = Date.now();
    if (!draft || !this.sessions.current || now - this.typedAt < TYPING_EVERY_MS) return;
    if (this.store.get().owner.kind !== "agent") return;
    this.typedAt = now;
    // Over HTTP it would cost a request for something that nobody misses.
    this.socket.send({ type: "typing" });
  }

  /** Everything that is shown has now been seen. */
  read(): void {
    const { messages, seen, open } = this.store.get();
    const last = messages[messages.length - 1]?.seq ?? 0;
    const { current } = this.sessions;
    if (!open || document.hidden || last <= seen || !current) return;
    this.store.set({ seen: last });
    this.keep.setSeen(current.conversationId, last);
    this.tabs.tell({ id: current.conversationId, seq: last });
  }

  /** Whether the customer has the chat before their eyes. */
  get isLooking(): boolean {
    return this.store.get().open && !document.hidden;
  }

  retryLoading(): void {
    this.store.set({ phase: "loading" });
    this.reader.sync();
    this.socket.kick();
  }

  async rate(score: number, comment: string): Promise<void> {
    this.store.set({ rating: "sending" });
    try {
      await this.sessions.authorised((token) => this.api.rate(token, score, comment));
      this.store.set({ rating: "done" });
    } catch {
      this.store.set({ rating: "failed" });
    }
  }

  emailTranscript(): Promise<void> {
    return this.sessions.authorised((token) => this.api.emailTranscript(token));
  }

  /** The end that is to be graded, or was skipped: a later end of the same conversation is another one. */
  private get episode(): string {
    return `${this.sessions.current?.conversationId}:${this.store.get().frontier}`;
  }

  get skipsRating(): boolean {
    return this.keep.skipped() === this.episode;
  }

  skipRating(): void {
    this.keep.setSkipped(this.episode);
    this.store.set({});
  }

  transcript(): Promise<{ filename: string; text: string }> {
    return this.sessions.authorised((token) => this.api.transcript(token));
  }

  private connect(): void {
    this.reader.relink();
    this.socket.start();
  }

  private readerOf(): Reader {
    return new Reader(this.store, {
      page: (after) => this.sessions.authorised((token) => this.api.messages(token, after)),
      hasSession: () => this.sessions.current !== null,
      shown: () => this.read(),
    });
  }

  private sessionsOf(identity: string): Sessions {
    return new Sessions(this.api, this.keep, identity, {
      created: (session, about, asGuest) => {
        this.store.set({ ...told(this.store.get(), about), seen: this.keep.seen(session.conversationId) });
        if (asGuest) this.store.set({ asGuest, notice: words.guestNotice });
        if (Object.keys(this.attributes).length) this.tellMore("/attributes", { attributes: this.attributes });
        this.connect();
      },
      ended: () => this.startAnew(),
    });
  }

  /** The conversation is over for the gateway; what the customer has not sent yet is kept. */
  private startAnew(): void {
    this.socket.stop();
    this.reader.isLive = false;
    const { open, outbox, draft, messages } = this.store.get();
    const notice = messages.length > 0 ? words.newChatNotice : null;
    this.store.set({ ...INITIAL, phase: "ready", open, outbox, draft, notice });
  }

  private async post(token: string, item: Parameters<Outbox["send"]>[0]): Promise<Message> {
    const message: Outbound = { client_id: item.clientId };
    if (item.file) message.attachment_id = await this.api.upload(token, item.file);
    else if (item.payload) message.payload = item.payload;
    else message.text = item.text;
    if (item.greetingId) message.greeting_id = item.greetingId;
    return this.api.post(token, message);
  }

  private tabsOf(): Tabs {
    return new Tabs(this.keep.key, {
      seen: ({ id, seq }) => {
        if (id === this.sessions.current?.conversationId) this.store.set({ seen: Math.max(seq, this.store.get().seen) });
      },
      session: () => this.otherTab(),
    });
  }

  private otherTab(): void {
    const { current } = this.sessions;
    const adopted = this.sessions.adopt();
    if (adopted) {
      if (adopted.conversationId !== current?.conversationId) {
        this.store.set({ messages: [], frontier: 0, phase: "loading", seen: this.keep.seen(adopted.conversationId) });
      }
      this.socket.kick();
      this.reader.sync();
    } else if (current && !this.sessions.current) this.become(this.sessions.identity);
  }

  private save(): void {
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => this.flushSave(), 100);
  }

  private flushSave(): void {
    clearTimeout(this.saveTimer);
    const { outbox, draft, open } = this.store.get();
    this.keep.setWork({ outbox: [...outbox], draft, open });
  }

  private readonly online = (): void => {
    this.reader.relink();
    if (this.sessions.current) this.socket.kick();
    if (this.sessions.current) this.reader.sync();
    this.outbox.flush();
  };

  private readonly offline = (): void => this.reader.relink();

  private readonly shown = (): void => {
    this.flushSave(); // the last moment that a phone is sure to give us
    if (document.hidden || !this.sessions.current) return;
    if (!this.reader.isLive) this.socket.kick();
    this.read();
    this.reader.sync();
  };
}
