import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { TicketChange, TicketDetail } from "../api/types";

export type TicketAct =
  | { act: "edit"; version: number; change: TicketChange }
  | { act: "label"; label_ids: string[] }
  | { act: "merge"; duplicates: string[] }
  | { act: "separate"; number: string };

function request(number: string, what: TicketAct): Promise<TicketDetail> {
  const params = { path: { number } };
  switch (what.act) {
    case "edit":
      return unwrap(
        api.PATCH("/api/v1/tickets/{number}", {
          params,
          body: { version: what.version, ...what.change },
        }),
      );
    case "label":
      return unwrap(
        api.POST("/api/v1/tickets/{number}/labels", { params, body: { label_ids: what.label_ids } }),
      );
    case "merge":
      return unwrap(
        api.POST("/api/v1/tickets/{number}/merge", { params, body: { duplicates: what.duplicates } }),
      );
    case "separate":
      return unwrap(
        api.POST("/api/v1/tickets/{number}/separate", { params: { path: { number: what.number } } }),
      );
  }
}

/** Change a ticket; refused, the reason is told and what is there is read again. */
export function useTicketActions(number: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (what: TicketAct) => request(number, what),
    onSuccess: (ticket) => {
      client.setQueryData(keys.ticket(ticket.number), ticket);
      void client.invalidateQueries({ queryKey: keys.allTickets });
      if (ticket.number !== number) void client.invalidateQueries({ queryKey: keys.ticket(number) });
      void client.invalidateQueries({ queryKey: keys.comments(number) });
    },
    onError: (error) => {
      notifications.show({ color: "red", title: "The ticket was not changed", message: reasonOf(error) });
      void client.invalidateQueries({ queryKey: keys.ticket(number) });
    },
  });
}
