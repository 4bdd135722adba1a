import { Button, Modal } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { ApiError, reasonOf, unwrap } from "../api/problems";
import type { CustomerDetail } from "../api/types";
import styles from "../sales/Opportunity.module.css";
import { useFields } from "../shared/useFields";
import own from "./Customer.module.css";
import { BLANK, CustomerFields, type CustomerDraft, draftOf, patchOf } from "./CustomerFields";
import { reachedQuery } from "./queries";

/** What the colleague has been asked about, and says is right. */
interface Meant {
  allow_same_contact?: boolean;
  came_back?: boolean;
}

interface DialogProps {
  /** Whom to edit; nobody enters somebody new. */
  customer?: CustomerDetail;
  opened: boolean;
  close: () => void;
}

export function CustomerDialog({ customer, opened, close }: DialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={<b>{customer ? "Edit the customer" : "New customer"}</b>}
      size="lg"
    >
      {opened && <Form key={customer?.updated_at ?? ""} close={close} {...(customer ? { customer } : {})} />}
    </Modal>
  );
}

function Form({ customer, close }: Omit<DialogProps, "opened">) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { values, set, changed, isChanged } = useFields<CustomerDraft>(customer ? draftOf(customer) : BLANK);
  const save = useMutation({
    mutationFn: (meant: Meant) => unwrap(customer ? edit(customer, changed, meant) : create(values, meant)),
    onSuccess: (saved) => {
      client.setQueryData(keys.customer(saved.id), saved);
      void client.invalidateQueries({ queryKey: keys.allCustomers });
      void client.invalidateQueries({ queryKey: keys.timelines(saved.id) });
      close();
      if (!customer) void navigate({ to: "/customers/$customerId", params: { customerId: saved.id } });
    },
  });
  const isComplete = values.name.trim() !== "";
  const code = save.error instanceof ApiError ? save.error.code : "";
  return (
    <form
      className={styles.fields}
      aria-label={customer ? "Details" : "New customer"}
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete && isChanged) save.mutate({});
      }}
    >
      <CustomerFields
        draft={values}
        set={(change) => {
          set(change);
          if (save.isError) save.reset();
        }}
      />
      {code === "contact_known" ? (
        <SameContact draft={values} but={customer?.id} close={close}>
          <Button size="xs" variant="default" onClick={() => save.mutate({ ...save.variables, allow_same_contact: true })}>
            It is somebody else: {customer ? "save" : "add them"}
          </Button>
        </SameContact>
      ) : code === "person_erased" ? (
        <Notice title="They were erased at their wish">
          <p className={own.asked}>Enter them again only when they came back and asked for it themselves.</p>
          <Button size="xs" variant="default" onClick={() => save.mutate({ ...save.variables, came_back: true })}>
            They asked for it: add them
          </Button>
        </Notice>
      ) : code === "changed_meanwhile" && customer ? (
        <Notice title="Somebody changed this customer meanwhile">
          <p className={own.asked}>Nothing of yours was saved. Load what there is now, and enter your changes again.</p>
          <Button
            size="xs"
            variant="default"
            onClick={() => void client.invalidateQueries({ queryKey: keys.customer(customer.id) })}
          >
            Load it
          </Button>
        </Notice>
      ) : (
        save.isError && (
          <Notice title={customer ? "The changes were not saved" : "The customer was not added"}>
            <p className={own.asked}>{reasonOf(save.error)}</p>
          </Notice>
        )
      )}
      <div>
        <Button type="submit" disabled={!isComplete || !isChanged} loading={save.isPending}>
          {customer ? "Save" : "Add the customer"}
        </Button>
      </div>
    </form>
  );
}

/** What is in the way, brought into sight: a form may be longer than a phone. */
function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div role="alert" className={own.notice} ref={(node) => node?.scrollIntoView({ block: "nearest" })}>
      <b>{title}</b>
      {children}
    </div>
  );
}

interface SameContactProps {
  draft: CustomerDraft;
  but: string | undefined;
  close: () => void;
  children: ReactNode;
}

/** Who has the e-mail address or the phone number already: most often it is them. */
function SameContact({ draft, but, close, children }: SameContactProps) {
  const email = useQuery(reachedQuery(draft.email));
  const phone = useQuery(reachedQuery(draft.phone));
  const found = [...(email.data?.items ?? []), ...(phone.data?.items ?? [])].filter((one) => one.id !== but);
  const people = [...new Map(found.map((one) => [one.id, one])).values()];
  return (
    <Notice title="Somebody has this e-mail address or phone number already">
      <ul className={own.known}>
        {people.slice(0, 5).map((one) => (
          <li key={one.id}>
            <Link to="/customers/$customerId" params={{ customerId: one.id }} onClick={close}>
              <bdi>{one.name}</bdi>
            </Link>{" "}
            {[one.email, one.phone, one.city].filter(Boolean).join(" · ")}
          </li>
        ))}
      </ul>
      {children}
    </Notice>
  );
}

function create(values: CustomerDraft, meant: Meant) {
  const given = Object.fromEntries(Object.entries(patchOf(values)).filter(([, value]) => value !== null));
  return api.POST("/api/v1/customers", { body: { ...given, name: values.name.trim(), ...meant } as never });
}

function edit(customer: CustomerDetail, changed: Partial<CustomerDraft>, meant: Meant) {
  return api.PATCH("/api/v1/customers/{customer_id}", {
    params: { path: { customer_id: customer.id } },
    body: { ...patchOf(changed), ...meant, updated_at: customer.updated_at } as never,
  });
}
