import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { TicketDetail } from "../api/types";
import { Icon } from "../shared/Icon";
import { humanise } from "../shared/words";
import { PRIORITIES, STATUSES, TYPES } from "./filters";
import { colleaguesQuery } from "./queries";
import type { TicketAct } from "./useTicketActions";
import styles from "./Tickets.module.css";

interface FieldsProps {
  ticket: TicketDetail;
  act: (what: TicketAct) => void;
  busy: boolean;
}

/** What a ticket may become, as the store allows it. */
const NEXT: Record<TicketDetail["status"], readonly TicketDetail["status"][]> = {
  open: STATUSES,
  pending: STATUSES,
  solved: ["open", "solved", "closed"],
  closed: ["open", "closed"],
};

export function TicketFields({ ticket, act, busy }: FieldsProps) {
  const colleagues = useQuery(colleaguesQuery);
  const { version } = ticket;
  const disabled = busy || ticket.merged_into !== null;
  const people = (colleagues.data?.items ?? [])
    .filter((person) => person.role !== "analyst")
    .map((person) => ({ value: person.id, label: person.name }));
  const mine = ticket.assignee;
  if (mine && !people.some((person) => person.value === mine.id)) {
    people.push({ value: mine.id, label: mine.name });
  }
  return (
    <div className={styles.fields}>
      <Select
        size="xs"
        label="Status"
        allowDeselect={false}
        disabled={disabled}
        data={words(NEXT[ticket.status])}
        value={ticket.status}
        onChange={(status) => status && act({ act: "edit", version, change: { status: status as typeof ticket.status } })}
      />
      <Select
        size="xs"
        label="Assigned to"
        clearable
        searchable
        placeholder="Nobody"
        nothingFoundMessage="Nobody of that name"
        disabled={disabled}
        data={people}
        value={mine?.id ?? null}
        onChange={(assignee_id) => act({ act: "edit", version, change: { assignee_id } })}
      />
      <Select
        size="xs"
        label="Priority"
        allowDeselect={false}
        disabled={disabled}
        data={words(PRIORITIES)}
        value={ticket.priority}
        onChange={(priority) =>
          priority && act({ act: "edit", version, change: { priority: priority as typeof ticket.priority } })
        }
      />
      <Select
        size="xs"
        label="Type"
        allowDeselect={false}
        disabled={disabled}
        data={words(TYPES)}
        value={ticket.type}
        onChange={(type) => type && act({ act: "edit", version, change: { type: type as typeof ticket.type } })}
      />
      <div className={styles.links}>
        {ticket.customer && (
          <Link to="/customers/$customerId" params={{ customerId: ticket.customer.id }}>
            <Icon name="person" size={14} /> <bdi>{ticket.customer.name}</bdi>
          </Link>
        )}
        {ticket.conversation_id && (
          <Link to="/inbox/$view/$conversationId" params={{ view: "open", conversationId: ticket.conversation_id }}>
            <Icon name="inbox" size={14} /> Its conversation
          </Link>
        )}
      </div>
    </div>
  );
}

function words(values: readonly string[]) {
  return values.map((value) => ({ value, label: humanise(value) }));
}
