import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ConversationDetail } from "../api/types";
import { Avatar } from "../shared/Avatar";
import { Chip } from "../shared/Chip";
import { Empty, Failed, Loading } from "../shared/States";
import styles from "./Customer.module.css";
import { Orders } from "./Orders";
import { Contact, Interests, Recommendations, Segment, Tickets, TimelineList } from "./parts";
import { customerQuery } from "./queries";
import { Section } from "./Section";
import { VisitorSaid } from "./VisitorSaid";

const TIMELINE_SHOWN = 8;

interface PanelProps {
  conversation: ConversationDetail | undefined;
  failed: unknown;
}

/** Who the customer is, beside their conversation. */
export function CustomerPanel({ conversation, failed }: PanelProps) {
  if (!conversation) return failed ? null : <Loading rows={5} height={72} />;
  if (!conversation.customer) {
    return (
      <>
        <Empty title="Not known yet" icon="unverified">
          This visitor has not said who they are. Once they log in at the shop, or prove an order with
          their e-mail, their record shows here.
        </Empty>
        <VisitorSaid visitor={conversation.visitor} />
      </>
    );
  }
  const { id, verified } = conversation.customer;
  return (
    <>
      <Known id={id} verified={verified} />
      <VisitorSaid visitor={conversation.visitor} />
    </>
  );
}

function Known({ id, verified }: { id: string; verified: boolean }) {
  const { data: customer, error, refetch } = useQuery(customerQuery(id));
  if (!customer) {
    return error ? (
      <Failed what="The customer could not be loaded." error={error} retry={() => void refetch()} />
    ) : (
      <Loading rows={5} height={72} />
    );
  }
  const timeline = customer.timeline.items.slice(0, TIMELINE_SHOWN);
  return (
    <div className={styles.panel}>
      <div className={styles.head}>
        <Avatar name={customer.name} kind="customer" size={40} />
        <div className={styles.headText}>
          <h2>
            <bdi>{customer.name}</bdi>
          </h2>
          <Chip
            tone={verified ? "good" : "warn"}
            icon={verified ? "verified" : "unverified"}
            hint={
              verified
                ? "They proved who they are in this conversation"
                : "Not proven in this conversation: tell nothing from the account"
            }
          >
            {verified ? "Verified" : "Not verified"}
          </Chip>
        </div>
      </div>
      <Orders card={customer.card} />
      <Segment card={customer.card} />
      <Recommendations card={customer.card} />
      <Interests card={customer.card} />
      <Tickets card={customer.card} />
      <Contact customer={customer} />
      <Section title="What happened" empty={timeline.length === 0 && "Nothing yet."}>
        <TimelineList items={timeline} />
      </Section>
      <div className={styles.foot}>
        <Anchor renderRoot={(props) => <Link to="/customers/$customerId" params={{ customerId: id }} {...props} />}>
          Open the whole record
        </Anchor>
      </div>
    </div>
  );
}
