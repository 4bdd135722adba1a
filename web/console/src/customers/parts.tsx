import { Link } from "@tanstack/react-router";
import type { CustomerCard, CustomerDetail, TimelineEntry } from "../api/types";
import { Chip, StatusChip } from "../shared/Chip";
import { RelativeTime } from "../shared/Time";
import { money } from "../shared/numbers";
import { dateOnly } from "../shared/time";
import { humanise } from "../shared/words";
import styles from "./Customer.module.css";
import { Section } from "./Section";

export function Contact({ customer }: { customer: CustomerDetail }) {
  const address = [
    customer.street,
    [customer.postal_code, customer.city].filter(Boolean).join(" "),
    customer.country,
  ].filter(Boolean);
  return (
    <Section title="Contact">
      <dl className={styles.contact}>
        <dt>E-mail</dt>
        <dd>{customer.email ? <a href={`mailto:${customer.email}`}>{customer.email}</a> : "–"}</dd>
        <dt>Phone</dt>
        <dd className="figures">
          {customer.phone ? <a href={`tel:${customer.phone}`}>{customer.phone}</a> : "–"}
        </dd>
        <dt>Address</dt>
        <dd>{address.length > 0 ? address.join(", ") : "–"}</dd>
        <dt>Customer</dt>
        <dd>since {dateOnly(new Date(customer.created_at))}</dd>
        {customer.deletion_requested_at && (
          <>
            <dt>Deletion</dt>
            <dd>
              <Chip tone="bad" icon="warning">
                asked for on {dateOnly(new Date(customer.deletion_requested_at))}
              </Chip>
            </dd>
          </>
        )}
      </dl>
    </Section>
  );
}

export function Segment({ card }: { card: CustomerCard }) {
  const { segment } = card;
  if (!segment) {
    return (
      <Section title="Segment" empty="Not in a segment yet. The next analysis puts every buyer into one." />
    );
  }
  const [recency = "–", frequency = "–", value = "–"] = segment.rfm;
  return (
    <Section title="Segment" aside={`found on ${dateOnly(new Date(segment.assigned_at))}`}>
      <div className={styles.chips}>
        <Chip tone="accent">{segment.name}</Chip>
        <Chip quiet hint="How recently, how often and for how much they buy; 5 is the best fifth of all customers">
          {`recent ${recency} · often ${frequency} · value ${value}`}
        </Chip>
      </div>
      {segment.description && <p className={styles.small}>{segment.description}</p>}
    </Section>
  );
}

export function Recommendations({ card }: { card: CustomerCard }) {
  const newest = card.recommendations[0]?.computed_at;
  return (
    <Section
      title="Could offer"
      aside={newest ? `found on ${dateOnly(new Date(newest))}` : ""}
      empty={
        card.recommendations.length === 0 &&
        "Nothing to offer yet. Purchases and interests said in chats fill this."
      }
    >
      <ul className={styles.list}>
        {card.recommendations.map(({ product, reason, score }) => (
          <li key={product.slug} className={styles.item}>
            <a
              href={`/shop/p/${encodeURIComponent(product.slug)}`}
              target="_blank"
              rel="noreferrer"
              className="cut"
              title={`${product.name}, score ${score.toFixed(2)}`}
            >
              {product.name}
            </a>
            <span className="figures">{money(product.price.amount_minor, product.price.currency)}</span>
            <span className={`${styles.full} ${styles.small}`}>{reason}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function Interests({ card }: { card: CustomerCard }) {
  // Newest first: what was said of a thing before is overtaken.
  const said = card.interests.filter(
    ({ term }, index) => card.interests.findIndex((other) => other.term === term) === index,
  );
  if (said.length === 0) return null;
  return (
    <Section title="Said they care about">
      <div className={styles.chips}>
        {said.map((interest) => (
          <Chip
            key={interest.term}
            tone={interest.weight < 0 ? "warn" : "neutral"}
            hint={`${interest.weight < 0 ? "disliked; said" : "said"} on ${dateOnly(new Date(interest.at))}`}
          >
            {interest.weight < 0 ? `not ${interest.term}` : interest.term}
          </Chip>
        ))}
      </div>
    </Section>
  );
}

export function Tickets({ card }: { card: CustomerCard }) {
  return (
    <Section
      title="Tickets"
      aside={card.open_tickets > 0 ? `${card.open_tickets} open` : ""}
      empty={card.tickets.length === 0 && "No tickets."}
    >
      <ul className={styles.list}>
        {card.tickets.map((ticket) => (
          <li key={ticket.number} className={styles.item}>
            <Link
              to="/tickets/$number"
              params={{ number: ticket.number }}
              search={{}}
              className="cut"
              title={ticket.subject}
            >
              {ticket.subject}
            </Link>
            <StatusChip status={ticket.status} />
            <span className={`${styles.full} ${styles.small}`}>
              {ticket.number} · {humanise(ticket.priority).toLowerCase()} priority ·{" "}
              {dateOnly(new Date(ticket.created_at))}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function TimelineList({ items }: { items: readonly TimelineEntry[] }) {
  return (
    <ul className={styles.list}>
      {items.map((entry) => (
        <li key={entry.id} className={styles.event}>
          <RelativeTime at={entry.at} />
          <span>
            {entry.summary} <span className={styles.small}>{humanise(entry.kind).toLowerCase()}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
