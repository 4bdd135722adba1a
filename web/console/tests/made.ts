import type { ConversationView, StaffMessage } from "../src/api/types";

export function message(seq: number, change: Partial<StaffMessage> = {}): StaffMessage {
  return {
    id: `message-${seq}`,
    seq,
    client_id: null,
    author: "customer",
    name: null,
    text: `text ${seq}`,
    payload: null,
    in_reply_to: null,
    sent_at: "2026-03-01T10:00:00Z",
    visibility: "public",
    attachment_id: null,
    nlu: null,
    actions: null,
    latency_ms: null,
    ...change,
  };
}

export function row(id: string, change: Partial<ConversationView> = {}): ConversationView {
  return {
    id,
    customer: null,
    owner: { kind: "queue", user: null },
    status: "open",
    topic: null,
    sentiment_valence: null,
    last_text: "",
    last_message_at: "2026-03-01T10:00:00Z",
    last_seq: 1,
    queued_at: "2026-03-01T10:00:00Z",
    handoff_reason: null,
    created_at: "2026-03-01T09:00:00Z",
    ...change,
  };
}
