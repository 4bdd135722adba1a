import type { TicketDetail } from "../api/types";
import { RelativeTime } from "../shared/Time";
import { tell } from "./history";
import styles from "./Tickets.module.css";

/** What happened to the ticket, the latest first, with who did it. */
export function History({ ticket }: { ticket: TicketDetail }) {
  return (
    <section className={styles.section}>
      <h2>History</h2>
      <ol className={styles.history}>
        {ticket.events.map((event, index) => (
          <li key={`${event.version} ${event.kind} ${index}`}>
            <RelativeTime at={event.at} />
            <span>{tell(event)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
