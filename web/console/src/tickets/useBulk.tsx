import { notifications } from "@mantine/notifications";
import { type InfiniteData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { TicketView } from "../api/types";
import { UndoMessage } from "../inbox/UndoMessage";
import { type BulkEdit, edited, inParts, inverse, refusals, type Step } from "./bulk";
import { colleaguesQuery } from "./queries";

interface Bulk {
  tickets: readonly TicketView[];
  edit: BulkEdit;
}

type Pages = InfiniteData<{ items: TicketView[]; next_cursor?: string | null }>;

async function send({ numbers, edit }: Step) {
  const items = [];
  for (const part of inParts(numbers)) {
    const body = {
      numbers: part,
      change: edit.change,
      add_labels: edit.addLabels.map((label) => label.id),
      remove_labels: edit.removeLabels.map((label) => label.id),
    };
    // One after the other: the same rows are not written twice at once.
    const answer = await unwrap(api.POST("/api/v1/tickets/bulk", { body }));
    items.push(...answer.items);
  }
  return items;
}

/** Change many tickets: shown at once, told what was refused and why, and taken back on demand. */
export function useBulk() {
  const client = useQueryClient();
  const colleagues = useQuery(colleaguesQuery).data?.items ?? [];
  const nameOf = (id: string) => colleagues.find((one) => one.id === id)?.name ?? "a colleague";

  const undo = async (steps: Step[]) => {
    try {
      for (const step of steps) {
        const refused = (await send(step)).filter((item) => !item.changed);
        if (refused.length > 0) tellRefused(refused);
      }
    } catch (error) {
      notifications.show({ color: "red", title: "It was not taken back", message: reasonOf(error) });
    } finally {
      void client.invalidateQueries({ queryKey: keys.allTickets });
    }
  };

  return useMutation({
    mutationFn: ({ tickets, edit }: Bulk) => send({ numbers: tickets.map((ticket) => ticket.number), edit }),
    onMutate: async ({ tickets, edit }) => {
      await client.cancelQueries({ queryKey: keys.allTickets });
      const lists = client.getQueriesData<Pages>({ queryKey: keys.allTickets });
      const chosen = new Set(tickets.map((ticket) => ticket.number));
      client.setQueriesData<Pages>({ queryKey: keys.allTickets, predicate: isList }, (pages) =>
        pages && {
          ...pages,
          pages: pages.pages.map((page) => ({
            ...page,
            items: page.items.map((row) => (chosen.has(row.number) ? edited(row, edit, nameOf) : row)),
          })),
        },
      );
      return { lists };
    },
    onSuccess: (items, { tickets, edit }) => {
      const refused = items.filter((item) => !item.changed);
      const changed = new Set(items.filter((item) => item.changed).map((item) => item.number));
      if (refused.length > 0) tellRefused(refused);
      if (changed.size > 0) {
        const back = inverse(tickets.filter((ticket) => changed.has(ticket.number)), edit);
        const id = `bulk ${Date.now()}`;
        const text = changed.size === 1 ? "One ticket changed." : `${changed.size} tickets changed.`;
        notifications.show({
          id,
          autoClose: 10_000,
          message: back.length === 0 ? (
            text
          ) : (
            <UndoMessage
              text={text}
              undo={() => {
                notifications.hide(id);
                void undo(back);
              }}
            />
          ),
        });
      }
      for (const number of changed) void client.invalidateQueries({ queryKey: keys.ticket(number) });
    },
    onError: (error, _, context) => {
      for (const [key, list] of context?.lists ?? []) client.setQueryData(key, list);
      notifications.show({ color: "red", title: "No ticket was changed", message: reasonOf(error) });
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.allTickets }),
  });
}

/** The tickets of an account lie under the same key, but are no pages. */
function isList({ state }: { state: { data?: unknown } }): boolean {
  return typeof state.data === "object" && state.data !== null && "pages" in state.data;
}

function tellRefused(refused: { number: string; detail: string | null }[]): void {
  notifications.show({
    color: "red",
    autoClose: 15_000,
    title: refused.length === 1 ? "One ticket was not changed" : `${refused.length} tickets were not changed`,
    message: <span style={{ whiteSpace: "pre-line" }}>{refusals(refused)}</span>,
  });
}
