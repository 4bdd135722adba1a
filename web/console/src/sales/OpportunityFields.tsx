import { Button, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { OpportunityDetail, OpportunityChange } from "../api/types";
import { useSellers } from "./colleagues";
import { readAmount, writeAmount } from "./money";
import styles from "./Opportunity.module.css";

/** Everything about a deal that can be edited, saved together with the version that was seen. */
export function OpportunityFields({ deal }: { deal: OpportunityDetail }) {
  const client = useQueryClient();
  const sellers = useSellers();
  const [name, setName] = useState(deal.name);
  const [amount, setAmount] = useState(writeAmount(deal.amount_minor));
  const [day, setDay] = useState(deal.expected_close ?? "");
  const [chance, setChance] = useState<string | number>(deal.own_probability ?? "");
  const [owner, setOwner] = useState(deal.owner_id);
  const [step, setStep] = useState(deal.next_step ?? "");
  const [notes, setNotes] = useState(deal.notes);
  const minor = readAmount(amount);
  const wanted: OpportunityChange = {
    name: name.trim(),
    amount_minor: minor ?? deal.amount_minor,
    expected_close: day || null,
    probability: chance === "" ? null : Number(chance),
    owner_id: owner,
    next_step: step.trim() || null,
    notes: notes.trim(),
  };
  const is: OpportunityChange = {
    name: deal.name,
    amount_minor: deal.amount_minor,
    expected_close: deal.expected_close,
    probability: deal.own_probability,
    owner_id: deal.owner_id,
    next_step: deal.next_step,
    notes: deal.notes,
  };
  const changed = Object.fromEntries(
    Object.entries(wanted).filter(([field, value]) => is[field as keyof OpportunityChange] !== value),
  ) as OpportunityChange;
  const isChanged = Object.keys(changed).length > 0;
  const save = useMutation({
    mutationFn: () =>
      unwrap(
        api.PATCH("/api/v1/opportunities/{opportunity_id}", {
          params: { path: { opportunity_id: deal.id } },
          body: { version: deal.version, ...changed },
        }),
      ),
    onSuccess: (detail) => {
      client.setQueryData(keys.opportunity(deal.id), detail);
      void client.invalidateQueries({ queryKey: keys.boards });
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "The changes were not saved", message: reasonOf(error) }),
  });
  return (
    <form
      className={styles.fields}
      aria-label="Details"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged && minor !== null && name.trim()) save.mutate();
      }}
    >
      <TextInput label="Name" maxLength={200} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <div className={styles.two}>
        <TextInput
          label={`Amount in ${deal.currency}`}
          inputMode="decimal"
          error={minor === null ? "An amount, like 1,299.00" : null}
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
        />
        <NumberInput
          label="Probability in %"
          placeholder={`${deal.probability}, as usual in this stage`}
          min={0}
          max={100}
          allowDecimal={false}
          hideControls
          value={chance}
          onChange={setChance}
        />
        <TextInput
          type="date"
          label="Expected to close"
          value={day}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        <Select
          label="Owner"
          placeholder="Nobody"
          clearable
          searchable
          data={sellers}
          value={owner}
          onChange={setOwner}
        />
      </div>
      <TextInput
        label="Next step"
        maxLength={300}
        dir="auto"
        value={step}
        onChange={(event) => setStep(event.currentTarget.value)}
      />
      <Textarea
        label="Notes"
        autosize
        minRows={3}
        maxRows={12}
        maxLength={20_000}
        dir="auto"
        value={notes}
        onChange={(event) => setNotes(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" disabled={!isChanged || minor === null || !name.trim()} loading={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
