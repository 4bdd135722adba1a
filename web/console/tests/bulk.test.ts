import { expect, test } from "vitest";
import type { LabelRef, TicketView } from "../src/api/types";
import { type BulkEdit, edited, inParts, inverse, refusals } from "../src/tickets/bulk";

const RED: LabelRef = { id: "red", name: "Red", tone: "red" };
const BLUE: LabelRef = { id: "blue", name: "Blue", tone: "blue" };
const ANN = { id: "ann", name: "Ann" };

function ticket(number: string, more: Partial<TicketView> = {}): TicketView {
  return {
    number,
    status: "open",
    priority: "normal",
    assignee: null,
    labels: [],
    ...more,
  } as unknown as TicketView;
}

function edit(more: Partial<BulkEdit>): BulkEdit {
  return { change: {}, addLabels: [], removeLabels: [], ...more };
}

/** The store's part, as far as these fields go. */
function applied(tickets: readonly TicketView[], steps: ReturnType<typeof inverse>): TicketView[] {
  return steps.reduce<TicketView[]>(
    (all, step) =>
      all.map((one) => (step.numbers.includes(one.number) ? edited(one, step.edit, (id) => (id === "ann" ? "Ann" : id)) : one)),
    [...tickets],
  );
}

test.each([
  edit({ change: { status: "solved" } }),
  edit({ change: { priority: "urgent", assignee_id: "ann" } }),
  edit({ change: { assignee_id: null } }),
  edit({ addLabels: [RED] }),
  edit({ removeLabels: [RED, BLUE] }),
])("what was done to different tickets is taken back: %j", (what) => {
  const before = [
    ticket("T-1", { status: "pending", assignee: ANN, labels: [RED as TicketView["labels"][number]] }),
    ticket("T-2", { priority: "high" }),
    ticket("T-3", { status: "solved", labels: [BLUE as TicketView["labels"][number]] }),
    ticket("T-4"),
  ];
  const after = before.map((one) => edited(one, what, () => "Ann"));
  expect(applied(after, inverse(before, what))).toEqual(before);
});

test("what changed nothing needs no way back", () => {
  expect(inverse([ticket("T-1")], edit({ change: { status: "open" } }))).toEqual([]);
});

test("tickets that were alike are taken back together", () => {
  const before = ["T-1", "T-2", "T-3"].map((number) => ticket(number));
  expect(inverse(before, edit({ change: { status: "solved" } }))).toHaveLength(1);
});

test("many are sent in parts", () => {
  expect(inParts([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(inParts([])).toEqual([]);
});

test("each reason is told once, with the tickets it holds for", () => {
  const refused = ["1", "2", "3", "4", "5", "6", "7"].map((number) => ({ number, detail: "It is merged." }));
  expect(refusals([...refused, { number: "8", detail: null }])).toBe(
    "1, 2, 3, 4, 5 and 2 more: It is merged.\n8: It was not possible.",
  );
});
