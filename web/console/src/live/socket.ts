/** The staff socket: connects, comes back by itself, and says in which state it is. */
import { type Frame, readFrame } from "./frames";

export type LiveState = "connecting" | "live" | "offline";

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 20_000;
const STABLE_MS = 5_000;

export interface SocketOptions {
  ticket: () => Promise<string>;
  onFrame: (frame: Frame) => void;
  onState: (state: LiveState) => void;
  /** Connected again after a gap: what was missed has to be read anew. */
  onReturn: () => void;
}

/** How long to wait before try number `tries`; spread, so that not all come back at once. */
export function delayBefore(tries: number, random: number): number {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** tries);
  return longest * (0.5 + random / 2);
}

export class StaffSocket {
  readonly #options: SocketOptions;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  #wasLive = false;
  #stopped = false;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  start(): void {
    window.addEventListener("online", this.#hurry);
    void this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    window.removeEventListener("online", this.#hurry);
    this.#socket?.close();
  }

  send(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  readonly #hurry = (): void => {
    if (this.#socket) return;
    clearTimeout(this.#timer);
    this.#tries = 0;
    void this.#connect();
  };

  async #connect(): Promise<void> {
    if (!this.#wasLive && this.#tries === 0) this.#options.onState("connecting");
    let ticket: string;
    try {
      ticket = await this.#options.ticket();
    } catch {
      this.#later();
      return;
    }
    if (this.#stopped) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(
      `${scheme}://${location.host}/api/v1/staff/ws?ticket=${encodeURIComponent(ticket)}`,
    );
    this.#socket = socket;
    let openedAt: number | null = null;
    socket.onopen = () => {
      socket.send(JSON.stringify({ type: "hello" }));
      openedAt = Date.now();
      this.#options.onState("live");
      if (this.#wasLive) this.#options.onReturn();
      this.#wasLive = true;
    };
    socket.onmessage = (event) => {
      const frame = readFrame(event.data);
      if (frame) this.#options.onFrame(frame);
    };
    socket.onclose = () => {
      this.#socket = null;
      // One that opens and fails at once must not be tried ever faster.
      if (openedAt !== null && Date.now() - openedAt > STABLE_MS) this.#tries = 0;
      this.#later();
    };
  }

  #later(): void {
    if (this.#stopped) return;
    this.#options.onState("offline");
    this.#timer = setTimeout(() => void this.#connect(), delayBefore(this.#tries, Math.random()));
    this.#tries += 1;
  }
}
