import { ActionIcon, Button, Checkbox, Group, Modal, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { AccountContact, AccountDetail } from "../api/types";
import { mayWrite } from "../auth/may";
import { useMe } from "../auth/session";
import { customerChoices } from "../customers/queries";
import detail from "../sales/Opportunity.module.css";
import sales from "../sales/Sales.module.css";
import { Chip } from "../shared/Chip";
import { Icon } from "../shared/Icon";
import { type Choice, RemoteSelect } from "../shared/RemoteSelect";
import styles from "./Accounts.module.css";

/** Who speaks for the account, the main contact first. */
export function Contacts({ account }: { account: AccountDetail }) {
  const may = mayWrite(useMe());
  const client = useQueryClient();
  const [adding, { open, close }] = useDisclosure(false);
  const remove = useMutation({
    mutationFn: (contact: AccountContact) =>
      unwrap(
        api.DELETE("/api/v1/accounts/{account_id}/contacts/{customer_id}", {
          params: { path: { account_id: account.id, customer_id: contact.customer_id } },
        }),
      ),
    onMutate: (contact) =>
      client.setQueryData<AccountDetail>(
        keys.account(account.id),
        (before) =>
          before && { ...before, contacts: before.contacts.filter((one) => one.customer_id !== contact.customer_id) },
      ),
    onError: (error, contact) =>
      notifications.show({
        color: "red",
        title: `${contact.name} is still a contact`,
        message: reasonOf(error),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.account(account.id) }),
  });
  return (
    <section aria-label="Contacts">
      <div className={detail.sideHead}>
        <h2>Contacts</h2>
        {may && (
          <Button variant="default" onClick={open}>
            Add a contact
          </Button>
        )}
      </div>
      {account.contacts.length === 0 ? (
        <p className={sales.quiet}>Nobody speaks for this account yet.</p>
      ) : (
        <ul className={styles.list}>
          {account.contacts.map((contact) => (
            <li key={contact.customer_id} className={styles.item}>
              <Group gap={6} wrap="nowrap" miw={0}>
                <Link to="/customers/$customerId" params={{ customerId: contact.customer_id }} className="cut">
                  <bdi>{contact.name}</bdi>
                </Link>
                {contact.is_main && <Chip tone="accent">main</Chip>}
              </Group>
              {may && (
                <ActionIcon
                  aria-label={`${contact.name} is no contact any more`}
                  title="No contact any more"
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(contact)}
                >
                  <Icon name="close" />
                </ActionIcon>
              )}
              <span className={`${styles.under} ${sales.quiet}`}>
                {[contact.title, contact.email, contact.phone].filter(Boolean).join(" · ") || "nothing else is known"}
              </span>
            </li>
          ))}
        </ul>
      )}
      <AddContact account={account} opened={adding} close={close} />
    </section>
  );
}

function AddContact({ account, opened, close }: { account: AccountDetail; opened: boolean; close: () => void }) {
  const client = useQueryClient();
  const [customer, setCustomer] = useState<Choice | null>(null);
  const [title, setTitle] = useState("");
  const [isMain, setIsMain] = useState(account.contacts.length === 0);
  const add = useMutation({
    mutationFn: (customer_id: string) =>
      unwrap(
        api.PUT("/api/v1/accounts/{account_id}/contacts/{customer_id}", {
          params: { path: { account_id: account.id, customer_id } },
          body: { title: title.trim() || null, is_main: isMain },
        }),
      ),
    onSuccess: (changed) => {
      setCustomer(null);
      setTitle("");
      setIsMain(false);
      close();
      client.setQueryData(keys.account(account.id), changed);
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "The contact was not added", message: reasonOf(error) }),
  });
  return (
    <Modal opened={opened} onClose={close} title={<b>Add a contact of {account.name}</b>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (customer) add.mutate(customer.value);
        }}
      >
        <RemoteSelect
          label="Customer"
          placeholder="Name, e-mail or phone"
          nothing="Nobody like that"
          value={customer}
          choose={setCustomer}
          search={customerChoices}
          autoFocus
        />
        <TextInput
          mt="sm"
          label="What they are there"
          placeholder="Buyer"
          maxLength={100}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Checkbox
          mt="md"
          label="Main contact"
          checked={isMain}
          onChange={(event) => setIsMain(event.currentTarget.checked)}
        />
        <Button type="submit" mt="md" disabled={!customer} loading={add.isPending}>
          Add the contact
        </Button>
      </form>
    </Modal>
  );
}
