/** Keeps the tabs of one browser in step: one conversation for all, and what was read in one is read in all. */

/** Read up to here, in this conversation. */
export interface Seen {
  id: string;
  seq: number;
}

export interface TabHooks {
  seen(seen: Seen): void;
  /** The kept session was started, replaced or ended. */
  session(): void;
}

export class Tabs {
  private readonly channel: BroadcastChannel | null;

  constructor(
    private readonly key: string,
    private readonly hooks: TabHooks,
  ) {
    this.channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(key) : null;
    if (this.channel) this.channel.onmessage = ({ data }: MessageEvent<Seen>) => hooks.seen(data);
    // Not by the channel: it can be faster than what it tells of.
    window.addEventListener("storage", this.stored);
  }

  tell(seen: Seen): void {
    this.channel?.postMessage(seen);
  }

  close(): void {
    this.channel?.close();
    window.removeEventListener("storage", this.stored);
  }

  private readonly stored = ({ key }: StorageEvent): void => {
    if (key === `${this.key}:session`) this.hooks.session();
  };
}

/** Run alone among the tabs, where the browser can arrange that (secure pages). */
export function alone<T>(name: string, act: () => Promise<T>): Promise<T> {
  return navigator.locks ? (navigator.locks.request(name, act) as Promise<T>) : act();
}
