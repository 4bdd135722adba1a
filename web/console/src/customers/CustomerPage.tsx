import { ActionIcon, Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { mayWrite } from "../auth/may";
import { useMe } from "../auth/session";
import { Avatar } from "../shared/Avatar";
import { Icon } from "../shared/Icon";
import { Failed, Loading } from "../shared/States";
import styles from "./Customer.module.css";
import { CustomerDialog } from "./CustomerDialog";
import { Orders } from "./Orders";
import { Contact, Interests, Recommendations, Segment, Tickets } from "./parts";
import { customerQuery } from "./queries";
import { Timeline } from "./Timeline";

export function CustomerPage() {
  const { customerId } = useParams({ from: "/in/customers/$customerId" });
  const me = useMe();
  const navigate = useNavigate();
  const [editing, { open, close }] = useDisclosure(false);
  const { data: customer, error, refetch } = useQuery(customerQuery(customerId));
  if (!customer) {
    return error ? (
      <Failed what="This customer could not be opened." error={error} retry={() => void refetch()} />
    ) : (
      <Loading rows={6} height={72} />
    );
  }
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <ActionIcon size="lg" aria-label="Back to the customers" onClick={() => void navigate({ to: "/customers" })}>
          <Icon name="back" size={20} />
        </ActionIcon>
        <Avatar name={customer.name} kind="customer" size={40} />
        <h1>
          <bdi>{customer.name}</bdi>
        </h1>
        {mayWrite(me) && (
          <Button variant="default" ml="auto" onClick={open}>
            Edit
          </Button>
        )}
      </div>
      <div className={styles.columns}>
        <div className={styles.column}>
          <Contact customer={customer} />
          <Segment card={customer.card} />
          <Recommendations card={customer.card} />
          <Interests card={customer.card} />
        </div>
        <div className={styles.column}>
          <Orders card={customer.card} />
          <Tickets card={customer.card} />
        </div>
        <div className={styles.column}>
          <Timeline id={customerId} />
        </div>
      </div>
      <CustomerDialog customer={customer} opened={editing} close={close} />
    </div>
  );
}
