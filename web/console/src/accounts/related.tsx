import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { AccountDetail } from "../api/types";
import { mayWrite } from "../auth/may";
import { useMe } from "../auth/session";
import { wholeMoney } from "../sales/money";
import { NewOpportunity } from "../sales/NewOpportunity";
import detail from "../sales/Opportunity.module.css";
import { pipelinesQuery } from "../sales/queries";
import sales from "../sales/Sales.module.css";
import { Chip, StatusChip } from "../shared/Chip";
import { count } from "../shared/numbers";
import { Failed, Loading } from "../shared/States";
import { RelativeTime } from "../shared/Time";
import type { Tone } from "../shared/words";
import styles from "./Accounts.module.css";
import { opportunitiesOf, ticketsOf } from "./queries";

const WORDS = { open: "Open", won: "Won", lost: "Lost" } as const;
const TONES: Record<keyof typeof WORDS, Tone> = { open: "accent", won: "good", lost: "bad" };

/** What the account may buy, and what came of it before. */
export function AccountOpportunities({ account }: { account: AccountDetail }) {
  const may = mayWrite(useMe());
  const query = useQuery(opportunitiesOf(account.id));
  const pipelines = useQuery(pipelinesQuery);
  const [adding, { open, close }] = useDisclosure(false);
  const deals = query.data?.items ?? [];
  return (
    <section aria-label="Opportunities">
      <div className={detail.sideHead}>
        <h2>Opportunities</h2>
        {may && (
          <Button variant="default" onClick={open}>
            New opportunity
          </Button>
        )}
      </div>
      {account.standing.length > 0 && (
        <dl className={styles.sums}>
          {account.standing.map((one) => (
            <div key={`${one.status} ${one.currency}`}>
              <dt>
                {WORDS[one.status]} · {count(one.count)}
              </dt>
              <dd className="figures">{wholeMoney(one.amount_minor, one.currency)}</dd>
            </div>
          ))}
        </dl>
      )}
      {query.isPending ? (
        <Loading rows={2} />
      ) : query.isError ? (
        <Failed
          small
          what="The opportunities could not be loaded."
          error={query.error}
          retry={() => void query.refetch()}
        />
      ) : deals.length === 0 ? (
        <p className={sales.quiet}>Nothing may be sold to this account yet.</p>
      ) : (
        <ul className={styles.list}>
          {deals.map((deal) => (
            <li key={deal.id} className={styles.item}>
              <Link
                to="/sales/opportunities/$opportunityId"
                params={{ opportunityId: deal.id }}
                className="cut"
              >
                <bdi>{deal.name}</bdi>
              </Link>
              <Chip tone={TONES[deal.status]}>{WORDS[deal.status]}</Chip>
              <span className={`${styles.under} ${sales.quiet} figures`}>
                {wholeMoney(deal.amount_minor, deal.currency)}
                {deal.status === "open" && ` · ${deal.probability} % likely`}
              </span>
            </li>
          ))}
          {query.data.next_cursor && <li className={sales.quiet}>The newest {deals.length} are shown.</li>}
        </ul>
      )}
      <NewOpportunity opened={adding} close={close} pipeline={pipelines.data?.items[0]} account={account} />
    </section>
  );
}

/** What the account's contacts have asked for. */
export function AccountTickets({ account }: { account: AccountDetail }) {
  const query = useQuery(ticketsOf(account.id));
  const tickets = query.data?.items ?? [];
  return (
    <section aria-label="Tickets">
      <div className={detail.sideHead}>
        <h2>Tickets of its contacts</h2>
      </div>
      {query.isPending ? (
        <Loading rows={2} />
      ) : query.isError ? (
        <Failed
          small
          what="The tickets could not be loaded."
          error={query.error}
          retry={() => void query.refetch()}
        />
      ) : tickets.length === 0 ? (
        <p className={sales.quiet}>None of its contacts has a ticket.</p>
      ) : (
        <ul className={styles.list}>
          {tickets.map((ticket) => (
            <li key={ticket.number} className={styles.item}>
              <Link to="/tickets/$number" params={{ number: ticket.number }} search={{}} className="cut">
                <bdi>{ticket.subject}</bdi>
              </Link>
              <StatusChip status={ticket.status} />
              <span className={`${styles.under} ${sales.quiet}`}>
                <span className="figures">{ticket.number}</span> ·{" "}
                <bdi>{ticket.customer?.name ?? "no customer"}</bdi> · <RelativeTime at={ticket.created_at} />
              </span>
            </li>
          ))}
          {query.data.next_cursor && <li className={sales.quiet}>The newest {tickets.length} are shown.</li>}
        </ul>
      )}
    </section>
  );
}
