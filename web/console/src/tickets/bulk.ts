/** One change of many tickets: as it will look, and how it is taken back. */
import type { LabelRef, TicketChange, TicketView } from "../api/types";

/** The store changes so many at a time. */
export const AT_ONCE = 200;

export type BulkChange = Pick<TicketChange, "status" | "priority" | "assignee_id">;

export interface BulkEdit {
  change: BulkChange;
  addLabels: LabelRef[];
  removeLabels: LabelRef[];
}

/** A ticket as it will be. */
export function edited(
  ticket: TicketView,
  { change, addLabels, removeLabels }: BulkEdit,
  nameOf: (id: string) => string,
): TicketView {
  const kept = ticket.labels.filter(
    (label) => ![...addLabels, ...removeLabels].some((one) => one.id === label.id),
  );
  return {
    ...ticket,
    ...(change.status ? { status: change.status } : {}),
    ...(change.priority ? { priority: change.priority } : {}),
    ...(change.assignee_id === undefined
      ? {}
      : { assignee: change.assignee_id ? { id: change.assignee_id, name: nameOf(change.assignee_id) } : null }),
    labels: [...kept, ...(addLabels as TicketView["labels"])],
  };
}

export interface Step {
  numbers: string[];
  edit: BulkEdit;
}

const NOTHING: BulkEdit = { change: {}, addLabels: [], removeLabels: [] };

/** What has to be done for the tickets to be as they were: those that were alike, together. */
export function inverse(before: readonly TicketView[], { change, addLabels, removeLabels }: BulkEdit): Step[] {
  const steps: Step[] = [];
  for (const field of ["status", "priority", "assignee_id"] as const) {
    const wanted = change[field];
    if (wanted === undefined) continue;
    const was = (ticket: TicketView) => (field === "assignee_id" ? (ticket.assignee?.id ?? null) : ticket[field]);
    const values = new Set(before.map(was).filter((value) => value !== wanted));
    for (const value of values) {
      const numbers = before.filter((ticket) => was(ticket) === value).map((ticket) => ticket.number);
      steps.push({ numbers, edit: { ...NOTHING, change: { [field]: value } as BulkChange } });
    }
  }
  const has = (ticket: TicketView, label: LabelRef) => ticket.labels.some((one) => one.id === label.id);
  for (const label of addLabels) {
    const numbers = before.filter((ticket) => !has(ticket, label)).map((ticket) => ticket.number);
    if (numbers.length > 0) steps.push({ numbers, edit: { ...NOTHING, removeLabels: [label] } });
  }
  for (const label of removeLabels) {
    const numbers = before.filter((ticket) => has(ticket, label)).map((ticket) => ticket.number);
    if (numbers.length > 0) steps.push({ numbers, edit: { ...NOTHING, addLabels: [label] } });
  }
  return steps;
}

/** In parts that the store takes. */
export function inParts<T>(all: readonly T[], size = AT_ONCE): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, part) =>
    all.slice(part * size, (part + 1) * size),
  );
}

interface Refusal {
  number: string;
  detail: string | null;
}

/** Why some were not changed: each reason once, with the tickets it holds for. */
export function refusals(refused: readonly Refusal[]): string {
  const byReason = new Map<string, string[]>();
  for (const { number, detail } of refused) {
    const reason = detail ?? "It was not possible.";
    byReason.set(reason, [...(byReason.get(reason) ?? []), number]);
  }
  return [...byReason].map(([reason, numbers]) => `${listed(numbers)}: ${reason}`).join("\n");
}

function listed(numbers: readonly string[]): string {
  const shown = numbers.slice(0, 5).join(", ");
  return numbers.length > 5 ? `${shown} and ${numbers.length - 5} more` : shown;
}
