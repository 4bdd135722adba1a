/** The gateway's shapes by the names that the console uses. */
import type { components } from "@kefu/api";

type Schemas = components["schemas"];

export type Staff = Schemas["StaffView"];
export type ConversationView = Schemas["ConversationView"];
export type ConversationDetail = Schemas["ConversationDetail"];
export type StaffMessage = Schemas["StaffMessage"];
export type EventView = Schemas["EventView"];
export type OwnerKind = Schemas["Owner"];
export type TranscriptView = Schemas["TranscriptView"];
export type CustomerView = Schemas["CustomerView"];
export type CustomerDetail = Schemas["CustomerDetail"];
export type CustomerCard = Schemas["CustomerCard"];
export type TimelineEntry = Schemas["TimelineEntry"];
export type DuplicateView = Schemas["DuplicateView"];
export type DuplicateList = Schemas["ListOf_DuplicateView_"];
export type PairCustomer = Schemas["PairCustomer"];
export type Comparison = Schemas["Comparison"];
export type PairStatus = Schemas["PairStatus"];
export type TicketView = Schemas["TicketView"];
export type TicketDetail = Schemas["TicketDetailView"];
export type TicketClock = Schemas["ClockView"];
export type TicketEvent = Schemas["TicketEventView"];
export type TicketChange = Partial<Omit<Schemas["TicketEdit"], "version">>;
export type LabelRef = Pick<Schemas["LabelRef"], "id" | "name" | "tone">;
export type CannedReply = Schemas["ReplyView"];
export type Explanation = Schemas["Explanation"];
export type ExplainedWord = Schemas["ExplainedWord"];
export type OrderDetail = Schemas["OrderDetail"];
