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
export type Explanation = Schemas["Explanation"];
export type ExplainedWord = Schemas["ExplainedWord"];
export type OrderDetail = Schemas["OrderDetail"];
