/**
 * The conversation with the gateway: session, reading, sending, and staying connected.
 *
 * Reading is one function, `sync`: it asks for everything after the frontier. The socket only makes
 * it faster; without one the same function is called on a timer.
 */

import type { Answers, Api, Outbound } from "./api";
import { type Config, subjectOf } from "./config";
import { words } from "./locale";
import { newId } from "./ids";
import { Outbox } from "./outbox";
import { fields, type Frame, type Message, readAbout, readMessage } from "./protocol";
import { Sessions } from "./sessions";
import { Socket } from "./socket";
import type { Site } from "./site";
import { Keep, type Prefs } from "./storage";
import { awaitsAnswer, INITIAL, leavesGap, received, Store, told } from "./store";
import { Tabs } from "./tabs";

const POLL_OPEN_MS = 3_000;
const POLL_CLOSED_MS = 20_000;
const POLL_LIVE_MS = 60_000;
/** With a live socket an answer should have come by then; if not, ask. */
const OVERDUE_MS = 5_000;
const TYPING_LASTS_MS = 8_000;
const BOT_TYPING_LASTS_MS = 35_000;
const TYPING_EVERY_MS = 3_000;

export class Client {
  readonly store = new Store();
  readonly outbox: Outbox;
  private readonly socket: Socket;
  private keep: Keep;
  private tabs: Tabs;
  private sessions: Sessions;
  private syncing: Promise<void> | null = null;
  private syncAgain = false;
  private isLive = false;
  private readFailed = false;
  private timers: Partial<Record<"poll" | "typing" | "save", ReturnType<typeof setTimeout>>> = {};
  /** When the next poll is due, in ms; 0 when none is planned. */
  private due = 0;
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
    this.outbox = new Outbox(this.store, {
      post: (item) => this.sessions.authorised((token) => this.post(token, item)),
      posted: (message) => this.take(message),
      changed: () => this.save(),
    });
    this.socket = new Socket({
      url: () => this.sessions.authorised((token) => this.api.socketUrl(token)),
      lastSeq: () => this.store.get().frontier,
      frame: (frame) => this.heard(frame),
      live: (isLive) => this.linked(isLive),
    });
  }

  /** Take up what was left off; with an identity, start while its signature is fresh. */
  start(): void {
    const { outbox, draft, open } = this.keep.work();
    this.store.set({ ...INITIAL, outbox, draft, open, locale: this.store.get().locale });
    const { current, identity } = this.sessions;
    if (current || identity) {
      this.store.set({ phase: "loading", seen: current ? this.keep.seen(current.conversationId) : 0 });
      this.sync();
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
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
    this.due = 0;
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
    this.syncing = null;
    this.isLive = false;
    this.keep = new Keep(this.config.siteKey, subjectOf(identity));
    this.tabs = this.tabsOf();
    this.sessions = this.sessionsOf(identity);
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
    this.take(await this.sessions.authorised((token) => this.api.post(token, { client_id: newId(), form: { id, values } })));
  }

  /** Leave a message for people who are away; the same `clientId` never leaves two. Returns its number. */
  async leave(clientId: string, values: Answers): Promise<string> {
    const left = await this.sessions.authorised((token) => this.api.leave(token, { client_id: clientId, ...values }));
    this.take(left.message);
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
      if (!this.isLive) this.socket.kick();
      this.sync();
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
    this.sync();
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

  /** Read everything after the frontier, page by page; calls while it runs make it run once more. */
  sync(): void {
    if (this.syncing) {
      this.syncAgain = true;
      return;
    }
    clearTimeout(this.timers.poll);
    this.due = 0;
    const run = this.readAll()
      .then(
        () => this.readDone(true),
        () => this.readDone(false),
      )
      .finally(() => {
        if (this.syncing !== run) return; // another person's by now
        this.syncing = null;
        if (this.syncAgain) {
          this.syncAgain = false;
          this.sync();
        } else this.schedule();
      });
    this.syncing = run;
  }

  private async readAll(): Promise<void> {
    for (let more = true; more; ) {
      const { keep } = this;
      const page = await this.sessions.authorised((token) => this.api.messages(token, this.frontier()));
      if (keep !== this.keep) return;
      const state = this.store.get();
      const last = page.items[page.items.length - 1]?.seq ?? 0;
      this.store.set({
        ...received(state, page.items),
        ...told(state, page.about),
        frontier: Math.max(state.frontier, last),
      });
      more = page.more && page.items.length > 0;
    }
  }

  private frontier(): number {
    return this.store.get().frontier;
  }

  private readDone(succeeded: boolean): void {
    this.readFailed = !succeeded;
    const { phase } = this.store.get();
    if (succeeded) this.store.set({ phase: "ready" });
    else if (phase === "loading") this.store.set({ phase: "failed" });
    this.relink();
    this.read();
    this.expectAnswer();
  }

  private take(message: Message | null): void {
    if (!message) return;
    const state = this.store.get();
    const gap = leavesGap(state, message);
    this.store.set({
      ...received(state, [message]),
      phase: "ready",
      frontier: gap ? state.frontier : Math.max(state.frontier, message.seq),
    });
    if (gap || this.changes(message)) this.sync();
    this.read();
    this.expectAnswer();
  }

  /** Whether how the conversation stands is worth reading again with this message. */
  private changes(message: Message): boolean {
    // The system speaks when something has changed; records are shown to a verified customer only.
    const records = message.payload?.cards.some(({ kind }) => kind !== "product" && kind !== "article");
    return message.author === "system" || (records === true && !this.store.get().verified);
  }

  private heard({ type, data }: Frame): void {
    const state = this.store.get();
    if (type === "message") this.take(readMessage(data));
    else if (type === "owner" || type === "queue") {
      const about = readAbout(data);
      this.store.set(told(state, about));
      if (type === "owner" && !about.status) this.sync();
      const { owner, typing } = this.store.get();
      if (owner.kind !== "bot" && typing?.author === "bot") this.typing(null);
    } else if (type === "typing") {
      const { author, on, name } = fields(data);
      if (author !== "bot" && author !== "agent") return;
      this.typing(on === false ? null : { author, name: typeof name === "string" ? name : null });
    }
  }

  private typing(typing: ReturnType<Store["get"]>["typing"]): void {
    clearTimeout(this.timers.typing);
    this.store.set({ typing });
    const lasts = typing?.author === "bot" ? BOT_TYPING_LASTS_MS : TYPING_LASTS_MS;
    if (typing) this.timers.typing = setTimeout(() => this.store.set({ typing: null }), lasts);
  }

  /** The customer has asked: show that the assistant is at it, and look if nothing comes. */
  private expectAnswer(): void {
    const state = this.store.get();
    if (!awaitsAnswer(state)) return;
    const asked = state.messages[state.messages.length - 1];
    const age = Date.now() - Date.parse(asked?.sentAt ?? "");
    if (!state.typing && age < BOT_TYPING_LASTS_MS) this.typing({ author: "bot", name: null });
    this.schedule();
  }

  private linked(isLive: boolean): void {
    this.isLive = isLive;
    this.relink();
    if (isLive) this.outbox.flush();
    this.schedule();
  }

  private relink(): void {
    const slow = this.readFailed ? "reconnecting" : "polling";
    this.store.set({ link: !navigator.onLine ? "offline" : this.isLive ? "live" : slow });
  }

  private connect(): void {
    this.relink();
    this.socket.start();
  }

  /** Plan the next poll; an earlier plan stands, or a socket that keeps failing would put it off for ever. */
  private schedule(): void {
    if (!this.sessions.current || document.hidden) return;
    const state = this.store.get();
    const slow = this.isLive ? POLL_LIVE_MS : state.open ? POLL_OPEN_MS : POLL_CLOSED_MS;
    const delay = awaitsAnswer(state) ? Math.min(slow, OVERDUE_MS) : slow;
    const due = Date.now() + delay;
    if (this.due && this.due <= due) return;
    clearTimeout(this.timers.poll);
    this.due = due;
    this.timers.poll = setTimeout(() => this.sync(), delay);
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
    this.isLive = false;
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
      this.sync();
    } else if (current && !this.sessions.current) this.become(this.sessions.identity);
  }

  private save(): void {
    clearTimeout(this.timers.save);
    this.timers.save = setTimeout(() => this.flushSave(), 100);
  }

  private flushSave(): void {
    clearTimeout(this.timers.save);
    const { outbox, draft, open } = this.store.get();
    this.keep.setWork({ outbox: [...outbox], draft, open });
  }

  private readonly online = (): void => {
    this.relink();
    if (this.sessions.current) this.socket.kick();
    if (this.sessions.current) this.sync();
    this.outbox.flush();
  };

  private readonly offline = (): void => this.relink();

  private readonly shown = (): void => {
    this.flushSave(); // the last moment that a phone is sure to give us
    if (document.hidden || !this.sessions.current) return;
    if (!this.isLive) this.socket.kick();
    this.read();
    this.sync();
  };
}
