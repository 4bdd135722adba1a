/** `window.Kefu`: what a page may do with the chat, also before there is one. */

import type { KefuWidget } from "../types/kefu-widget";
import type { Emitter } from "./events";

const METHODS = [
  "open",
  "close",
  "toggle",
  "sendMessage",
  "identify",
  "setAttributes",
  "setLocale",
  "reset",
  "destroy",
] as const;

export type Actions = Omit<KefuWidget, "on">;
type Call = [name: string, ...values: unknown[]];

/** The page's stub, which keeps the calls that came before the script. */
interface Stub {
  q?: Call[];
}

/** Whether the script has run on this page before. */
export function isPublished(): boolean {
  return window.Kefu !== undefined && !(window.Kefu as Stub).q;
}

/** Take the stub's place; calls wait until the returned function names what carries them out. */
export function publish(events: Emitter): (actions: Actions) => void {
  let actions: Actions | undefined;
  let waiting: Call[] = (window.Kefu as Stub | undefined)?.q ?? [];
  const on = events.on.bind(events);
  const kefu: Record<string, unknown> = { on };
  const run = ([name, ...values]: Call) => {
    const known = { on, ...actions } as Record<string, unknown>;
    const act = kefu[name] && known[name];
    if (typeof act === "function") act(...values);
  };
  for (const name of METHODS) {
    kefu[name] = (...values: unknown[]) => {
      if (actions) run([name, ...values]);
      else waiting.push([name, ...values]);
    };
  }
  window.Kefu = kefu as unknown as KefuWidget;
  return (ready) => {
    actions = ready;
    for (const call of waiting) run(call);
    waiting = [];
  };
}
