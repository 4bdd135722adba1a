import { Button, Modal, Select, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { LeadView } from "../api/types";
import { useMe } from "../auth/session";
import { newClientId } from "../inbox/clientId";
import { humanise } from "../shared/words";

const SOURCES = ["web", "phone", "event", "referral", "campaign", "chat", "other"] as const;

export function NewLead({ opened, close }: { opened: boolean; close: () => void }) {
  const client = useQueryClient();
  const me = useMe();
  const key = useRef(newClientId());
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [phone, setPhone] = useState("");
  const [company, setCompany] = useState("");
  const [source, setSource] = useState<LeadView["source"]>("phone");
  const [notes, setNotes] = useState("");
  const create = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/leads", {
          body: {
            idempotency_key: key.current,
            name: name.trim(),
            email: email.trim() || null,
            phone: phone.trim() || null,
            company: company.trim() || null,
            source,
            status: "new",
            notes: notes.trim(),
            owner_id: me.id,
          },
        }),
      ),
    onSuccess: () => {
      key.current = newClientId();
      for (const clear of [setName, setEmail, setPhone, setCompany, setNotes]) clear("");
      close();
      void client.invalidateQueries({ queryKey: keys.allLeads });
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "The lead was not added", message: reasonOf(error) }),
  });
  return (
    <Modal opened={opened} onClose={close} title={<b>New lead</b>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) create.mutate();
        }}
      >
        <TextInput data-autofocus label="Name" maxLength={200} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput mt="sm" label="Company" maxLength={200} value={company} onChange={(event) => setCompany(event.currentTarget.value)} />
        <TextInput mt="sm" type="email" label="E-mail" maxLength={254} value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
        <TextInput
          mt="sm"
          type="tel"
          label="Phone, with the country code"
          placeholder="+49 30 1234567"
          maxLength={40}
          value={phone}
          onChange={(event) => setPhone(event.currentTarget.value)}
        />
        <Select
          mt="sm"
          label="Where from"
          allowDeselect={false}
          data={SOURCES.map((value) => ({ value, label: humanise(value) }))}
          value={source}
          onChange={(value) => setSource((value ?? "other") as typeof source)}
        />
        <Textarea
          mt="sm"
          label="Notes"
          autosize
          minRows={2}
          maxRows={8}
          maxLength={20_000}
          dir="auto"
          value={notes}
          onChange={(event) => setNotes(event.currentTarget.value)}
        />
        <Button type="submit" mt="md" disabled={!name.trim()} loading={create.isPending}>
          Add the lead
        </Button>
      </form>
    </Modal>
  );
}
