/** Events of a ticket as sentences. */
import { text } from "../api/read";
import type { TicketEvent } from "../api/types";
import { humanise } from "../shared/words";

const ACTORS: Record<TicketEvent["actor"], string> = {
  agent: "A colleague",
  bot: "The bot",
  customer: "The customer",
  system: "Kefu",
};
const CLOCKS: Record<string, string> = { first_response: "first response", resolution: "resolution" };

export function tell(event: TicketEvent): string {
  const who = event.user?.name ?? ACTORS[event.actor];
  const data = event.data ?? {};
  const to = text(data.to);
  const clock = CLOCKS[text(data.clock)] ?? "promise";
  switch (event.kind) {
    case "opened":
      return `${who} opened the ticket`;
    case "imported":
      return "It came from another help desk";
    case "answered":
      return `${who} answered the customer for the first time`;
    case "status":
      return `${who} set it from ${text(data.from)} to ${to}`;
    case "assignee":
      return to ? `${who} gave it to ${to}` : `${who} took it from ${text(data.from) || "its assignee"}`;
    case "sla_due_soon":
      return `The ${clock} is due soon`;
    case "sla_breached":
      return `The ${clock} is late`;
    case "merged":
      return `${who} merged it into ${text(data.into)}`;
    case "separated":
      return `${who} separated it from ${text(data.from)}`;
    case "took_in":
      return `${who} merged ${text(data.number)} into it`;
    case "gave_back":
      return `${who} separated ${text(data.number)} from it`;
    default:
      return `${who} changed the ${humanise(event.kind).toLowerCase()} from “${text(data.from)}” to “${to}”`;
  }
}
