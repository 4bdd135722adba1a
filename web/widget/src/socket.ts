/** Keeps one WebSocket open, with a fresh ticket each time and a growing pause between attempts. */

import { type Frame, readFrame } from "./protocol";

export interface SocketHooks {
  /** The address with a new ticket; rejects when there is none to be had. */
  url(): Promise<string>;
  /** The last `seq` that has been read, so that the gateway sends what is missing first. */
  lastSeq(): number;
  frame(frame: Frame): void;
  live(isLive: boolean): void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const STABLE_MS = 10_000;
const CONNECT_MS = 10_000;

export class Socket {
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempts = 0;
  /** Grows with each start and stop: what an older run still has under way is ignored. */
  private run = 0;

  constructor(private readonly hooks: SocketHooks) {}

  start(): void {
    if (!this.socket) this.attempt(++this.run);
  }

  stop(): void {
    this.run++;
    clearTimeout(this.timer);
    const { socket } = this;
    this.socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }

  /** Try at once rather than after the pause: the network or the customer is back. */
  kick(): void {
    if (this.socket?.readyState === WebSocket.OPEN) return;
    this.stop();
    this.attempts = 0;
    this.start();
  }

  /** Sends when open; a frame is never the only copy of anything, so otherwise it is dropped. */
  send(frame: object): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  private attempt(run: number): void {
    clearTimeout(this.timer);
    this.hooks.url().then(
      (url) => {
        if (run === this.run) this.connect(url, run);
      },
      () => this.again(run),
    );
  }

  private connect(url: string, run: number): void {
    const socket = new WebSocket(url);
    this.socket = socket;
    let openedAt = 0;
    const slow = setTimeout(() => socket.close(), CONNECT_MS);
    socket.onopen = () => {
      clearTimeout(slow);
      openedAt = Date.now();
      socket.send(JSON.stringify({ type: "hello", last_seq: this.hooks.lastSeq() }));
      this.hooks.live(true);
    };
    socket.onmessage = (event: MessageEvent<unknown>) => {
      const frame = readFrame(event.data);
      if (frame) this.hooks.frame(frame);
    };
    socket.onclose = () => {
      clearTimeout(slow);
      if (run !== this.run) return;
      this.socket = null;
      if (openedAt && Date.now() - openedAt > STABLE_MS) this.attempts = 0;
      this.again(run);
    };
  }

  private again(run: number): void {
    if (run !== this.run) return;
    this.hooks.live(false);
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.attempts++, LONGEST_PAUSE_MS);
    // Spread out, so that a restarted gateway is not met by everybody in the same instant.
    this.timer = setTimeout(() => this.attempt(run), pause * (0.5 + Math.random() / 2));
  }
}
