import { Button, Modal, Select, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { PipelineView } from "../api/types";
import { readAmount } from "./money";

interface NewProps {
  opened: boolean;
  close: () => void;
  pipeline: PipelineView | undefined;
  /** For whom it is opened. */
  account?: { id: string; name: string };
}

export function NewOpportunity({ opened, close, pipeline, account }: NewProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [amount, setAmount] = useState("");
  const [day, setDay] = useState("");
  const [stage, setStage] = useState<string | null>(null);
  const minor = amount.trim() === "" ? 0 : readAmount(amount);
  const open = (pipeline?.stages ?? []).filter((one) => one.kind === "open");
  const create = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/opportunities", {
          body: {
            name: name.trim(),
            amount_minor: minor ?? 0,
            source: "other",
            ...(pipeline ? { pipeline_id: pipeline.id } : {}),
            ...(account ? { account_id: account.id } : {}),
            ...(stage ? { stage_id: stage } : {}),
            ...(day ? { expected_close: day } : {}),
          },
        }),
      ),
    onSuccess: (made) => {
      setName("");
      setAmount("");
      close();
      void client.invalidateQueries({ queryKey: keys.boards });
      void client.invalidateQueries({ queryKey: keys.pipelines });
      if (account) {
        void client.invalidateQueries({ queryKey: keys.account(account.id) });
        void client.invalidateQueries({ queryKey: keys.opportunitiesOf(account.id) });
      }
      void navigate({ to: "/sales/opportunities/$opportunityId", params: { opportunityId: made.id } });
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "It was not opened", message: reasonOf(error) }),
  });
  return (
    <Modal opened={opened} onClose={close} title={<b>New opportunity{account && ` of ${account.name}`}</b>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() && minor !== null) create.mutate();
        }}
      >
        <TextInput
          data-autofocus
          label="What may be sold"
          placeholder="Twenty tents for a summer camp"
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          mt="sm"
          label={`Amount in ${pipeline?.currency ?? "EUR"}`}
          inputMode="decimal"
          placeholder="0.00"
          error={minor === null ? "An amount, like 1,299.00" : null}
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
        />
        <TextInput
          mt="sm"
          type="date"
          label="Expected to close"
          value={day}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        {open.length > 0 && (
          <Select
            mt="sm"
            label="Stage"
            placeholder={open[0]?.name ?? ""}
            clearable
            data={open.map((one) => ({ value: one.id, label: one.name }))}
            value={stage}
            onChange={setStage}
          />
        )}
        <Button type="submit" mt="md" disabled={!name.trim() || minor === null} loading={create.isPending}>
          Open the opportunity
        </Button>
      </form>
    </Modal>
  );
}
