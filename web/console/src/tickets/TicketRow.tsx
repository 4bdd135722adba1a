import { Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { TicketView } from "../api/types";
import { LabelChips } from "../labels/LabelChips";
import { Chip, StatusChip } from "../shared/Chip";
import panes from "../shared/ListAndDetail.module.css";
import { RelativeTime } from "../shared/Time";
import { humanise } from "../shared/words";
import type { TicketFilters } from "./filters";
import { mainClock } from "./sla";
import { SlaChip } from "./SlaChip";
import styles from "./Tickets.module.css";

interface RowProps {
  row: TicketView;
  filters: TicketFilters;
  isOpen: boolean;
  isSelected?: boolean;
  /** Absent for those who may not change tickets. */
  toggle?: () => void;
  top: number;
  height: number;
}

export function TicketRow({ row, filters, isOpen, isSelected = false, toggle, top, height }: RowProps) {
  const clock = mainClock(row.clocks);
  return (
    <div
      className={styles.place}
      data-selected={isSelected}
      data-selectable={toggle !== undefined}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      <Link
        to="/tickets/$number"
        params={{ number: row.number }}
        search={filters}
        className={`${panes.row} ${styles.ticket}`}
        data-open={isOpen}
        aria-current={isOpen ? "true" : undefined}
      >
        <span className={`${panes.line} ${styles.tight}`}>
          <b className="cut">
            <bdi>{row.subject}</bdi>
          </b>
          <span className={panes.time}>
            <RelativeTime at={row.created_at} />
          </span>
        </span>
        <span className={`${panes.line} ${styles.tight} ${styles.small}`}>
          <span className="figures">{row.number}</span>
          <bdi className="cut">{row.customer?.name ?? "no customer"}</bdi>
          <span className={panes.time}>{row.assignee?.name ?? "nobody’s"}</span>
        </span>
        <span className={`${panes.line} ${styles.tight}`}>
          {clock && <SlaChip clock={clock} />}
          <StatusChip status={row.status} />
          {row.priority !== "normal" && <StatusChip status={row.priority} />}
          <span className={styles.kind} data-labelled={row.labels.length > 0}>
            <Chip quiet>{humanise(row.type)}</Chip>
          </span>
          <span className={styles.labels}>
            <LabelChips labels={row.labels} />
          </span>
        </span>
      </Link>
      {toggle && (
        <Checkbox
          size="xs"
          className={styles.pick ?? ""}
          aria-label={`Select ${row.number}`}
          checked={isSelected}
          onChange={toggle}
        />
      )}
    </div>
  );
}
