import type { CannedReply } from "../api/types";

const MOST = 6;

/** What is typed after a slash that begins the text, or null when no reply is being looked for. */
export function lookedFor(text: string): string | null {
  const match = /^\/([a-z0-9_-]*)$/i.exec(text);
  return match ? (match[1] ?? "").toLowerCase() : null;
}

/** Replies whose shortcut begins with the word first, then those that mention it. */
export function matching(replies: readonly CannedReply[], word: string): CannedReply[] {
  const begins = replies.filter((reply) => reply.shortcut.startsWith(word));
  const mentions = replies.filter(
    (reply) => !begins.includes(reply) && reply.title.toLowerCase().includes(word),
  );
  return [...begins, ...mentions].slice(0, MOST);
}
