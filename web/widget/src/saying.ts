/** What the gateway says of its own accord, in the reader's language: its kind and its facts, worded. */

import { fill, words } from "./locale";
import type { Payload } from "./protocol";

/** Empty where the gateway's own English will do, or nothing is known of the event. */
export function sayingOf(payload: Payload | null): string {
  if (!payload?.event) return "";
  const { event, facts } = payload;
  if (facts.name) return fill(words.saysJoined, facts);
  if (facts.position) return words.saysQueued;
  const { ticket_number: number } = facts;
  if (number) return fill(words.leaveDone, { number });
  if (event === "resolved") return facts.reason ? words.saysQuiet : words.saysResolved;
  if (event === "released") return words.saysReleased;
  return event === "cannot_answer" ? words.saysFailed : "";
}
