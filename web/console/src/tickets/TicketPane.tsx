import { ActionIcon } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { LabelChips } from "../labels/LabelChips";
import { LabelPicker } from "../labels/LabelPicker";
import { Icon } from "../shared/Icon";
import panes from "../shared/ListAndDetail.module.css";
import { Failed, Loading } from "../shared/States";
import { RelativeTime } from "../shared/Time";
import { CommentForm } from "./CommentForm";
import { Comments } from "./Comments";
import type { TicketFilters } from "./filters";
import { History } from "./History";
import { ticketQuery } from "./queries";
import { SlaChip } from "./SlaChip";
import { TicketFields } from "./TicketFields";
import { TicketMenu } from "./TicketMenu";
import styles from "./Tickets.module.css";
import { useTicketActions } from "./useTicketActions";

interface PaneProps {
  number: string;
  filters: TicketFilters;
}

export function TicketPane({ number, filters }: PaneProps) {
  const { data: ticket, error, refetch } = useQuery(ticketQuery(number));
  const navigate = useNavigate();
  const actions = useTicketActions(number);
  if (!ticket) {
    return error ? (
      <Failed what="This ticket could not be opened." error={error} retry={() => void refetch()} />
    ) : (
      <Loading rows={6} height={56} />
    );
  }
  return (
    <>
      <header className={styles.head}>
        <ActionIcon
          className={panes.back}
          size="lg"
          aria-label="Back to the list"
          onClick={() => void navigate({ to: "/tickets", search: filters })}
        >
          <Icon name="back" size={20} />
        </ActionIcon>
        <div className={panes.grow}>
          <h1>
            <bdi>{ticket.subject}</bdi>
          </h1>
          <p>
            <span className="figures">{ticket.number}</span> · opened <RelativeTime at={ticket.created_at} />
            {ticket.reopened > 0 && <> · came back {ticket.reopened === 1 ? "once" : `${ticket.reopened} times`}</>}
          </p>
        </div>
        <LabelPicker
          chosen={ticket.labels}
          choose={(label_ids) => actions.mutate({ act: "label", label_ids })}
          disabled={actions.isPending}
        />
        <TicketMenu ticket={ticket} act={actions.mutate} busy={actions.isPending} />
      </header>
      {ticket.merged_into && (
        <p className={styles.merged}>
          <Icon name="link" /> It goes on as{" "}
          <Link to="/tickets/$number" params={{ number: ticket.merged_into }} search={filters}>
            {ticket.merged_into}
          </Link>
          .
        </p>
      )}
      <div className={styles.body}>
        <div className={styles.chips}>
          {ticket.clocks.map((clock) => (
            <SlaChip key={clock.kind} clock={clock} named />
          ))}
          <LabelChips labels={ticket.labels} />
        </div>
        <TicketFields ticket={ticket} act={actions.mutate} busy={actions.isPending} />
        {ticket.body && (
          <p className={styles.said} dir="auto">
            {ticket.body}
          </p>
        )}
        <Comments ticket={ticket} />
        <History ticket={ticket} />
      </div>
      {!ticket.merged_into && <CommentForm ticket={ticket} />}
    </>
  );
}
