/** What the socket says of tickets, put where it is read. */
import { notifications } from "@mantine/notifications";
import type { QueryClient } from "@tanstack/react-query";
import { keys } from "../api/keys";
import type { TicketView } from "../api/types";

const NEWS: Record<string, string> = {
  sla_due_soon: "A promise is due soon",
  sla_breached: "A promise is late",
};

/** A ticket has changed; its open page and the lists are read again, and a late promise is told. */
export function receiveTicket(client: QueryClient, ticket: TicketView, event: string): void {
  const known = client.getQueryData<TicketView>(keys.ticket(ticket.number));
  if (!known || known.version !== ticket.version || event) {
    void client.invalidateQueries({ queryKey: keys.ticket(ticket.number) });
    void client.invalidateQueries({ queryKey: keys.comments(ticket.number) });
  }
  void client.invalidateQueries({ queryKey: keys.allTickets });
  const title = NEWS[event];
  if (title) {
    notifications.show({
      color: event === "sla_breached" ? "red" : "yellow",
      title,
      message: `${ticket.number}: ${ticket.subject}`,
    });
  }
}
