import { Button, Modal, Select, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { ConversationDetail } from "../api/types";
import { newClientId } from "../inbox/clientId";
import { humanise } from "../shared/words";
import { PRIORITIES, TYPES } from "./filters";

interface NewTicketProps {
  conversation: ConversationDetail;
  opened: boolean;
  close: () => void;
}

/** A ticket from a conversation: what cannot be settled in it at once. */
export function NewTicket({ conversation, opened, close }: NewTicketProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const clientId = useRef(newClientId());
  const [subject, setSubject] = useState("");
  const [body, setBody] = useState("");
  const [type, setType] = useState<(typeof TYPES)[number]>("problem");
  const [priority, setPriority] = useState<(typeof PRIORITIES)[number]>("normal");

  const open = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/tickets", {
          body: {
            client_id: clientId.current,
            subject: subject.trim(),
            body,
            topic: conversation.topic ?? "",
            type,
            priority,
            conversation_id: conversation.id,
          },
        }),
      ),
    onSuccess: (ticket) => {
      clientId.current = newClientId();
      setSubject("");
      setBody("");
      close();
      client.setQueryData(keys.ticket(ticket.number), ticket);
      void client.invalidateQueries({ queryKey: keys.allTickets });
      void navigate({ to: "/tickets/$number", params: { number: ticket.number }, search: {} });
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "The ticket was not opened", message: reasonOf(error) }),
  });
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={<b>New ticket from this conversation</b>}
     
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (subject.trim()) open.mutate();
        }}
      >
        <TextInput
          data-autofocus
          label="Subject"
          maxLength={200}
          value={subject}
          onChange={(event) => setSubject(event.currentTarget.value)}
        />
        <Textarea
          mt="sm"
          label="What is the matter"
          autosize
          minRows={3}
          maxRows={8}
          maxLength={20_000}
          dir="auto"
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
        />
        <Select
          mt="sm"
          label="Type"
          allowDeselect={false}
          data={TYPES.map((value) => ({ value, label: humanise(value) }))}
          value={type}
          onChange={(value) => setType((value ?? "problem") as typeof type)}
        />
        <Select
          mt="sm"
          label="Priority"
          allowDeselect={false}
          data={PRIORITIES.map((value) => ({ value, label: humanise(value) }))}
          value={priority}
          onChange={(value) => setPriority((value ?? "normal") as typeof priority)}
        />
        <Button type="submit" mt="md" disabled={!subject.trim()} loading={open.isPending}>
          Open the ticket
        </Button>
      </form>
    </Modal>
  );
}
