/** Frames of the staff socket; whatever does not look like one is ignored. */
import { record, text } from "../api/read";
import type { ConversationView, StaffMessage, TicketView } from "../api/types";

export type Frame =
  | { type: "message"; conversationId: string; message: StaffMessage }
  | { type: "queue"; conversationId: string; row: ConversationView }
  | { type: "ticket"; ticket: TicketView; event: string }
  | { type: "typing"; conversationId: string; author: string; on: boolean }
  | { type: "presence"; staff: Colleague[]; customers: string[]; online: boolean };

/** A member of staff whose console is open. */
export interface Colleague {
  id: string;
  name: string;
}

export function readFrame(raw: unknown): Frame | null {
  if (typeof raw !== "string") return null;
  let frame: Record<string, unknown>;
  try {
    frame = record(JSON.parse(raw));
  } catch {
    return null;
  }
  const conversationId = text(frame.conversation_id);
  const data = record(frame.data);
  switch (frame.type) {
    case "message":
      if (!conversationId || typeof data.seq !== "number") return null;
      return { type: "message", conversationId, message: data as unknown as StaffMessage };
    case "queue":
      if (!conversationId || !data.id) return null;
      return { type: "queue", conversationId, row: data as unknown as ConversationView };
    case "ticket": {
      const ticket = record(data.ticket);
      if (!text(ticket.number)) return null;
      return { type: "ticket", ticket: ticket as unknown as TicketView, event: text(data.event) };
    }
    case "typing":
      if (!conversationId) return null;
      return { type: "typing", conversationId, author: text(data.author), on: data.on !== false };
    case "presence": {
      // One who comes or goes, or at first everybody who is there.
      const users = Array.isArray(data.users) ? data.users : data.user ? [data.user] : [];
      const customers = Array.isArray(data.conversations) ? data.conversations : [frame.conversation_id];
      return {
        type: "presence",
        staff: users.map(record).map((user) => ({ id: text(user.id), name: text(user.name) })),
        customers: customers.map(text).filter(Boolean),
        online: data.online === true,
      };
    }
    default:
      return null;
  }
}
