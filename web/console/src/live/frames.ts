/** Frames of the staff socket; whatever does not look like one is ignored. */
import { record, text } from "../api/read";
import type { ConversationView, StaffMessage, TicketView } from "../api/types";

export type Frame =
  | { type: "message"; conversationId: string; message: StaffMessage }
  | { type: "queue"; conversationId: string; row: ConversationView }
  | { type: "ticket"; ticket: TicketView; event: string }
  | { type: "typing"; conversationId: string; author: string; on: boolean }
  | { type: "presence"; userId: string; name: string; online: boolean };

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
      const user = record(data.user);
      return { type: "presence", userId: text(user.id), name: text(user.name), online: data.online === true };
    }
    default:
      return null;
  }
}
