import { Button, Checkbox, Group, Modal, Radio, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { Candidate, LeadView } from "../api/types";
import { Failed, Loading } from "../shared/States";
import { readAmount } from "./money";
import { candidatesQuery, leadQuery } from "./queries";
import styles from "./Opportunity.module.css";
import sales from "./Sales.module.css";

const NEW = "new";

/** A lead becomes a customer, with an account and an opportunity as wished; or is taken back. */
export function ConvertDialog({ lead, close }: { lead: LeadView; close: () => void }) {
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={<b>{lead.status === "converted" ? `${lead.name} is a customer` : `Convert ${lead.name}`}</b>}
     
    >
      {lead.status === "converted" ? <Became lead={lead} close={close} /> : <Wish lead={lead} close={close} />}
    </Modal>
  );
}

function Wish({ lead, close }: { lead: LeadView; close: () => void }) {
  const client = useQueryClient();
  const query = useQuery(candidatesQuery(lead.id));
  const candidates = query.data?.items ?? [];
  const [chosen, setChosen] = useState("");
  const [account, setAccount] = useState(lead.company ?? "");
  const [wantsDeal, setWantsDeal] = useState(true);
  const [deal, setDeal] = useState(`Offer for ${lead.company ?? lead.name}`);
  const [amount, setAmount] = useState("");
  const minor = amount.trim() === "" ? 0 : readAmount(amount);
  const who = candidates.length === 0 ? NEW : chosen;
  const ready = who !== "" && minor !== null && (!wantsDeal || deal.trim() !== "");
  const convert = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/leads/{lead_id}/convert", {
          params: { path: { lead_id: lead.id } },
          body: {
            version: lead.version,
            ...(who === NEW ? { new_customer: true } : { customer_id: who, new_customer: false }),
            ...(account.trim() ? { new_account: account.trim() } : {}),
            ...(wantsDeal ? { opportunity: { name: deal.trim(), amount_minor: minor ?? 0 } } : {}),
          },
        }),
      ),
    onSuccess: () => {
      close();
      void client.invalidateQueries({ queryKey: keys.allLeads });
      void client.invalidateQueries({ queryKey: keys.boards });
      notifications.show({ message: `${lead.name} is a customer now.` });
    },
    onError: (error) => {
      notifications.show({ color: "red", title: "Nothing was converted", message: reasonOf(error) });
      void client.invalidateQueries({ queryKey: keys.candidates(lead.id) });
    },
  });
  if (query.isPending) return <Loading rows={4} />;
  if (query.isError) {
    return <Failed what="Customers could not be compared." error={query.error} retry={() => void query.refetch()} />;
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) convert.mutate();
      }}
    >
      <Stack gap="md">
        {candidates.length > 0 ? (
          <Radio.Group
            label="Who is it?"
            description="These customers have the same e-mail address or phone number. What a lead says is not verified, so you decide."
            value={chosen}
            onChange={setChosen}
          >
            <Stack gap="xs" mt="xs">
              {candidates.map((one) => (
                <Radio key={one.id} value={one.id} label={one.name} description={why(one)} />
              ))}
              <Radio value={NEW} label="Somebody new" />
            </Stack>
          </Radio.Group>
        ) : (
          <p className={sales.quiet}>No customer has this e-mail address or phone number: a new one is made.</p>
        )}
        <TextInput
          label="New account"
          description="The company; left empty, no account is made."
          maxLength={200}
          value={account}
          onChange={(event) => setAccount(event.currentTarget.value)}
        />
        <Checkbox
          label="Open an opportunity"
          checked={wantsDeal}
          onChange={(event) => setWantsDeal(event.currentTarget.checked)}
        />
        {wantsDeal && (
          <div className={styles.two}>
            <TextInput label="What may be sold" maxLength={200} value={deal} onChange={(event) => setDeal(event.currentTarget.value)} />
            <TextInput
              label="Amount"
              inputMode="decimal"
              placeholder="0.00"
              error={minor === null ? "An amount, like 1,299.00" : null}
              value={amount}
              onChange={(event) => setAmount(event.currentTarget.value)}
            />
          </div>
        )}
        <Group>
          <Button type="submit" disabled={!ready} loading={convert.isPending}>
            Convert
          </Button>
          <Button variant="default" onClick={close}>
            Not now
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Became({ lead, close }: { lead: LeadView; close: () => void }) {
  const client = useQueryClient();
  const query = useQuery(leadQuery(lead.id));
  const undo = useMutation({
    mutationFn: () =>
      unwrap(api.POST("/api/v1/leads/{lead_id}/undo-conversion", { params: { path: { lead_id: lead.id } } })),
    onSuccess: () => {
      close();
      void client.invalidateQueries({ queryKey: keys.allLeads });
      void client.invalidateQueries({ queryKey: keys.boards });
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "It was not taken back", message: reasonOf(error) }),
  });
  const became = query.data?.conversion;
  if (query.isPending) return <Loading rows={2} />;
  return (
    <Stack gap="md">
      <p className={sales.quiet}>
        {became?.customer_made ? "A customer was made" : "An existing customer was chosen"}
        {became?.account_made ? ", with a new account" : ""}
        {became?.opportunity_id ? ", and an opportunity was opened." : "."}
      </p>
      <Group>
        {became?.customer_id && (
          <Link to="/customers/$customerId" params={{ customerId: became.customer_id }}>
            Open the customer
          </Link>
        )}
        {became?.opportunity_id && (
          <Link to="/sales/opportunities/$opportunityId" params={{ opportunityId: became.opportunity_id }}>
            Open the opportunity
          </Link>
        )}
      </Group>
      <Button variant="default" loading={undo.isPending} onClick={() => undo.mutate()}>
        Take the conversion back
      </Button>
    </Stack>
  );
}

function why(one: Candidate): string {
  const same = [one.same_email && "same e-mail address", one.same_phone && "same phone number"].filter(Boolean);
  return `${same.join(", ")}; ${one.verified ? "verified at the shop" : "not verified"}`;
}
