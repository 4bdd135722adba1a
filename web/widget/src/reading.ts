/**
 * Reading one person's conversation: everything after the frontier, in one function, `sync`. The socket only makes it
 * faster; without one the same function is called on a timer.
 */

import { type About, fields, type Frame, type Message, readAbout, readMessage } from "./protocol";
import { awaitsAnswer, leavesGap, received, type State, type Store, told } from "./store";

const POLL_OPEN_MS = 3_000;
const POLL_CLOSED_MS = 20_000;
const POLL_LIVE_MS = 60_000;
/** With a live socket an answer should have come by then; if not, ask. */
const OVERDUE_MS = 5_000;
const TYPING_LASTS_MS = 8_000;
const BOT_TYPING_LASTS_MS = 35_000;

export interface Reading {
  page(after: number): Promise<{ items: Message[]; more: boolean; about: About }>;
  hasSession(): boolean;
  /** What is shown has changed, and is seen where somebody looks. */
  shown(): void;
}

export class Reader {
  isLive = false;
  private isStopped = false;
  private isReading = false;
  private readAgain = false;
  private hasFailed = false;
  private pollTimer: ReturnType<typeof setTimeout> | undefined;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  /** When the next poll is due, in ms; 0 when none is planned. */
  private due = 0;

  constructor(
    private readonly store: Store,
    private readonly reading: Reading,
  ) {}

  /** Somebody else is here now, or nobody: what is still under way must not reach them. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.pollTimer);
    clearTimeout(this.typingTimer);
  }

  /** Read everything after the frontier, page by page; calls while it runs make it run once more. */
  sync(): void {
    if (this.isReading) {
      this.readAgain = true;
      return;
    }
    clearTimeout(this.pollTimer);
    this.due = 0;
    this.isReading = true;
    void this.readAll()
      .then(
        () => true,
        () => false,
      )
      .then((succeeded) => {
        if (this.isStopped) return;
        this.readDone(succeeded);
        this.isReading = false;
        if (this.readAgain) {
          this.readAgain = false;
          this.sync();
        } else this.schedule();
      });
  }

  private async readAll(): Promise<void> {
    for (let more = true; more; ) {
      const page = await this.reading.page(this.store.get().frontier);
      if (this.isStopped) return;
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

  private readDone(succeeded: boolean): void {
    this.hasFailed = !succeeded;
    const { phase } = this.store.get();
    if (succeeded) this.store.set({ phase: "ready" });
    else if (phase === "loading") this.store.set({ phase: "failed" });
    this.relink();
    this.reading.shown();
    this.expectAnswer();
  }

  take(message: Message | null): void {
    if (!message) return;
    const state = this.store.get();
    const gap = leavesGap(state, message);
    this.store.set({
      ...received(state, [message]),
      phase: "ready",
      frontier: gap ? state.frontier : Math.max(state.frontier, message.seq),
    });
    if (gap || this.changes(message)) this.sync();
    this.reading.shown();
    this.expectAnswer();
  }

  /** Whether how the conversation stands is worth reading again with this message. */
  private changes(message: Message): boolean {
    // The system speaks when something has changed; records are shown to a verified customer only.
    const records = message.payload?.cards.some(({ kind }) => kind !== "product" && kind !== "article");
    return message.author === "system" || (records === true && !this.store.get().verified);
  }

  heard({ type, data }: Frame): void {
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

  private typing(typing: State["typing"]): void {
    clearTimeout(this.typingTimer);
    this.store.set({ typing });
    const lasts = typing?.author === "bot" ? BOT_TYPING_LASTS_MS : TYPING_LASTS_MS;
    if (typing) this.typingTimer = setTimeout(() => this.store.set({ typing: null }), lasts);
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

  linked(isLive: boolean): void {
    this.isLive = isLive;
    this.relink();
    this.schedule();
  }

  relink(): void {
    const slow = this.hasFailed ? "reconnecting" : "polling";
    this.store.set({ link: !navigator.onLine ? "offline" : this.isLive ? "live" : slow });
  }

  /** Plan the next poll; an earlier plan stands, or a socket that keeps failing would put it off for ever. */
  private schedule(): void {
    if (!this.reading.hasSession() || document.hidden) return;
    const state = this.store.get();
    const slow = this.isLive ? POLL_LIVE_MS : state.open ? POLL_OPEN_MS : POLL_CLOSED_MS;
    const delay = awaitsAnswer(state) ? Math.min(slow, OVERDUE_MS) : slow;
    const due = Date.now() + delay;
    if (this.due && this.due <= due) return;
    clearTimeout(this.pollTimer);
    this.due = due;
    this.pollTimer = setTimeout(() => this.sync(), delay);
  }
}
