import { useParams, useSearch } from "@tanstack/react-router";
import panes from "../shared/ListAndDetail.module.css";
import { Empty } from "../shared/States";
import { TicketList } from "./TicketList";
import { TicketPane } from "./TicketPane";
import styles from "./Tickets.module.css";

export function TicketsPage() {
  const filters = useSearch({ from: "/in/tickets" });
  const { number } = useParams({ strict: false });
  return (
    <div className={`${panes.page} ${styles.page}`} data-open={number !== undefined}>
      <section className={`${panes.pane} ${panes.found}`} aria-label="Tickets">
        <TicketList filters={filters} openNumber={number} />
      </section>
      <section className={`${panes.pane} ${panes.read}`} aria-label="Ticket">
        {number ? (
          <TicketPane key={number} number={number} filters={filters} />
        ) : (
          <Empty title="Choose a ticket" icon="ticket">
            It opens here with what was promised, said and done. Press <kbd>j</kbd> for the first one.
          </Empty>
        )}
      </section>
    </div>
  );
}
