/**
 * `window.Kefu`, as `kefu-widget.js` makes it.
 *
 * Every method may be called before the script has loaded when the page defines the stub of docs/widget.md;
 * the calls are then made in their order once the chat is there.
 */

export interface KefuMessage {
  id: string;
  author: "customer" | "bot" | "agent" | "system";
  /** The person's name, for an agent. */
  name: string | null;
  text: string;
}

export interface KefuEvents {
  /** The chat can be used. Told at once to who asks too late. */
  ready: undefined;
  open: undefined;
  close: undefined;
  /** A message of either side came; not told of the history. */
  message: KefuMessage;
  /** How many messages of others the customer has not seen. */
  unread: number;
  /** Who answers from now on: the assistant, nobody yet (the queue), or a person by name. */
  handoff: { to: "bot" | "queue" | "agent"; name: string | null };
  /** The history could not be read, a message could not be sent, or the identity was refused. */
  error: { reason: "load" | "send" | "identity" };
}

export interface KefuWidget {
  open(): void;
  close(): void;
  toggle(): void;
  /** Opens the chat and sends the text as the customer's. */
  sendMessage(text: string): void;
  /** Who is logged in on the page: a JWT signed by its server, or "" for nobody. */
  identify(identity: string): void;
  /** What the page knows of the customer, for staff to see; at most 20, each short. */
  setAttributes(attributes: Record<string, string | number | boolean>): void;
  /** The language of the chat, such as "zh-CN". */
  setLocale(locale: string): void;
  /** Listen to an event; the result ends it. */
  on<Name extends keyof KefuEvents>(name: Name, listener: (detail: KefuEvents[Name]) => void): () => void;
  /** End the session on this device and forget who was here. Call it when the customer logs out. */
  reset(): void;
  /** Take the chat off the page. */
  destroy(): void;
}

declare global {
  interface Window {
    Kefu?: KefuWidget;
  }
}
