import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CustomerCard } from "../api/types";
import { StatusChip } from "../shared/Chip";
import { Icon } from "../shared/Icon";
import { money } from "../shared/numbers";
import { Failed } from "../shared/States";
import { dateOnly } from "../shared/time";
import { humanise } from "../shared/words";
import styles from "./Customer.module.css";
import { orderQuery } from "./queries";
import { Section } from "./Section";

export function Orders({ card }: { card: CustomerCard }) {
  return (
    <Section
      title="Orders"
      aside={card.open_orders > 0 ? `${card.open_orders} under way` : ""}
      empty={card.orders.length === 0 && "No orders yet."}
    >
      <ul className={styles.list}>
        {card.orders.map((order) => (
          <OrderRow key={order.number} order={order} />
        ))}
      </ul>
    </Section>
  );
}

function OrderRow({ order }: { order: CustomerCard["orders"][number] }) {
  const [opened, setOpened] = useState(false);
  return (
    <li>
      <button
        type="button"
        className={styles.order}
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
        title={`Placed on ${dateOnly(new Date(order.placed_at))}`}
      >
        <Icon name={opened ? "down" : "right"} />
        <span className="figures">{order.number}</span>
        <StatusChip status={order.status} />
        <span className="figures">{money(order.total.amount_minor, order.total.currency)}</span>
      </button>
      {opened && <OrderDetails number={order.number} />}
    </li>
  );
}

/** What was ordered, how it travels and what came back. */
export function OrderDetails({ number }: { number: string }) {
  const { data: order, error, refetch } = useQuery(orderQuery(number));
  if (error) {
    return <Failed small what="The order could not be loaded." error={error} retry={() => void refetch()} />;
  }
  if (!order) return <Skeleton height={72} ml={24} />;
  return (
    <div className={styles.detail}>
      <span className={styles.quiet}>Placed on {dateOnly(new Date(order.placed_at))}</span>
      {order.lines.map((line) => (
        <span key={line.position} className={styles.pair}>
          <span>
            {line.quantity} × {line.name}
          </span>
          <span className="figures">{money(line.unit_price_minor * line.quantity, order.currency)}</span>
        </span>
      ))}
      <span className={`${styles.pair} ${styles.quiet}`}>
        <span>Shipping</span>
        <span className="figures">{money(order.shipping_minor, order.currency)}</span>
      </span>
      {order.shipments.map((shipment) => (
        <span key={shipment.tracking_number}>
          {shipment.carrier} {shipment.tracking_number}: {humanise(shipment.status).toLowerCase()}
          {shipment.expected_on && shipment.status !== "delivered"
            ? `, expected ${dateOnly(new Date(`${shipment.expected_on}T12:00`))}`
            : ""}
          {shipment.delay_reason ? ` (${shipment.delay_reason})` : ""}
        </span>
      ))}
      {order.returns.map((back) => (
        <span key={back.number}>
          Return {back.number}: {humanise(back.status).toLowerCase()},{" "}
          {money(back.refund_minor, order.currency)}
        </span>
      ))}
    </div>
  );
}
