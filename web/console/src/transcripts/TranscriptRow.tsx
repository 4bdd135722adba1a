import { Link } from "@tanstack/react-router";
import type { TranscriptView } from "../api/types";
import type { TranscriptFilters } from "../app/router";
import { Chip, MoodChip } from "../shared/Chip";
import panes from "../shared/ListAndDetail.module.css";
import { percent } from "../shared/numbers";
import { RelativeTime } from "../shared/Time";
import { humanise, moodOfLabel } from "../shared/words";
import styles from "./Transcripts.module.css";

interface RowProps {
  row: TranscriptView;
  filters: TranscriptFilters;
  isOpen: boolean;
  top: number;
  height: number;
}

export function TranscriptRow({ row, filters, isOpen, top, height }: RowProps) {
  const { match } = row;
  return (
    <Link
      to="/transcripts/$conversationId"
      params={{ conversationId: row.conversation_id }}
      search={filters}
      preload={false}
      className={panes.row}
      data-open={isOpen}
      {...(isOpen ? { "aria-current": "true" as const } : {})}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      <div className={panes.line}>
        <b className="cut">
          <bdi>{row.customer?.name ?? "Visitor"}</bdi>
        </b>
        <span className={panes.time}>
          <RelativeTime at={row.last_message_at} />
        </span>
      </div>
      <div className={`${styles.snippet} cut`} dir="auto">
        {match.snippet}
      </div>
      <div className={panes.line}>
        {match.intent && (
          <Chip {...(match.confidence === null ? {} : { hint: `${percent(match.confidence)} sure` })}>
            {humanise(match.intent)}
          </Chip>
        )}
        {match.sentiment && <MoodChip mood={moodOfLabel(match.sentiment)} />}
      </div>
    </Link>
  );
}
