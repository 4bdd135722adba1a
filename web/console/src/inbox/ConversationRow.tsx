import { Link } from "@tanstack/react-router";
import type { ConversationView } from "../api/types";
import { Chip, MoodChip } from "../shared/Chip";
import { Icon } from "../shared/Icon";
import { RelativeTime, Waiting } from "../shared/Time";
import { humanise, mood } from "../shared/words";
import styles from "./ConversationList.module.css";
import type { ViewName } from "./views";

interface RowProps {
  row: ConversationView;
  view: ViewName;
  isOpen: boolean;
  top: number;
  height: number;
}

export function ConversationRow({ row, view, isOpen, top, height }: RowProps) {
  const waits = row.owner.kind === "queue" && row.status === "open" && row.queued_at;
  return (
    <Link
      to="/inbox/$view/$conversationId"
      params={{ view, conversationId: row.id }}
      preload={false}
      className={styles.row}
      data-open={isOpen}
      {...(isOpen ? { "aria-current": "true" as const } : {})}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      <div className={styles.line}>
        <span className={styles.owner}>
          <Icon name={row.owner.kind === "bot" ? "bot" : row.owner.kind === "queue" ? "clock" : "person"} size={14} />
          <span className="sr-only">{ownerWords(row)}: </span>
        </span>
        <bdi className={`${styles.name} cut`}>{row.customer?.name ?? "Visitor"}</bdi>
        {row.customer?.verified && (
          <span className={styles.owner} title="Verified">
            <Icon name="verified" size={14} />
            <span className="sr-only">verified</span>
          </span>
        )}
        {waits ? (
          <span className={styles.wait}>
            <Waiting since={row.queued_at!} />
          </span>
        ) : (
          <span className={styles.time}>
            <RelativeTime at={row.last_message_at} />
          </span>
        )}
      </div>
      <div className={`${styles.last} cut`} dir="auto">
        {row.last_text || "No message yet"}
      </div>
      <div className={`${styles.line} ${styles.chips}`}>
        {row.topic && <Chip>{humanise(row.topic)}</Chip>}
        {row.sentiment_valence !== null && <MoodChip mood={mood(row.sentiment_valence)} />}
      </div>
    </Link>
  );
}

function ownerWords(row: ConversationView): string {
  if (row.owner.kind === "agent") return `answered by ${row.owner.user?.name ?? "a colleague"}`;
  return row.owner.kind === "bot" ? "answered by the bot" : "waits for a person";
}
