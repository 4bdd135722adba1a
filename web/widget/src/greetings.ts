/** Speaks first, on pages and after a time that the site has set: once each, and never into a chat. */

import { inLocale } from "./locale";
import { type Greeting, matches } from "./site";
import type { Store } from "./store";

const LOOK_MS = 1_000;

/** Looks every second, for a page may change its address without loading. Returns what ends it. */
export function greet(
  greetings: readonly Greeting[],
  store: Store,
  memory: { greeted(): string[]; setGreeted(ids: string[]): void },
): () => void {
  if (greetings.length === 0) return () => {};
  let path = "";
  let since = 0;
  const timer = setInterval(() => {
    const now = Date.now();
    if (location.pathname !== path) {
      path = location.pathname;
      since = now;
    }
    const { open, phase, messages, outbox, greeting } = store.get();
    if (open || greeting || phase === "loading" || messages.length || outbox.length || document.hidden) return;
    const greeted = memory.greeted();
    const due = greetings.find(
      ({ id, path: pattern, after_seconds }) =>
        now - since >= after_seconds * 1000 && matches(pattern, path) && !greeted.includes(id),
    );
    if (!due) return;
    memory.setGreeted([...greeted, due.id]);
    store.set({ greeting: { id: due.id, text: inLocale(due.text) } });
  }, LOOK_MS);
  return () => clearInterval(timer);
}
