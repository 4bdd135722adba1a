import { useSyncExternalStore } from "react";

const TICK_MS = 20_000;

let now = new Date();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = new Date();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function read(): Date {
  // With no timer running the value may be old.
  if (timer === undefined && Date.now() - now.getTime() > TICK_MS) now = new Date();
  return now;
}

/** The time, the same for all that show one, renewed every 20 s by a single timer. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, read);
}
