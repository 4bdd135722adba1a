import { useQuery } from "@tanstack/react-query";
import type { TicketDetail } from "../api/types";
import { Avatar } from "../shared/Avatar";
import { Chip } from "../shared/Chip";
import panes from "../shared/ListAndDetail.module.css";
import { Failed, Loading } from "../shared/States";
import { RelativeTime } from "../shared/Time";
import { commentsQuery } from "./queries";
import styles from "./Tickets.module.css";

export function Comments({ ticket }: { ticket: TicketDetail }) {
  const { data, error, refetch } = useQuery(commentsQuery(ticket.number));
  if (!data) {
    return error ? (
      <Failed small what="The comments could not be loaded." error={error} retry={() => void refetch()} />
    ) : (
      <Loading rows={2} height={48} />
    );
  }
  return (
    <section className={styles.section}>
      <h2>Comments</h2>
      {data.items.length === 0 && <p className={styles.small}>Nobody has said anything yet.</p>}
      <ol className={styles.comments}>
        {data.items.map((comment) => (
          <li key={comment.id} className={styles.comment} data-note={comment.visibility === "note"}>
            <Avatar name={comment.user?.name ?? null} kind="agent" size={28} />
            <div className={panes.grow}>
              <span className={styles.small}>
                <b>
                  <bdi>{comment.user?.name ?? "A colleague"}</bdi>
                </b>{" "}
                · <RelativeTime at={comment.at} />
                {comment.ticket !== ticket.number && <> · in {comment.ticket}</>}{" "}
                {comment.visibility === "note" && (
                  <Chip tone="warn" icon="lock">
                    note
                  </Chip>
                )}
              </span>
              <p dir="auto">{comment.text}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
