import { Button, Modal, Select, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import { useMe } from "../auth/session";
import { useSellers } from "./colleagues";

export interface TaskSubject {
  opportunity_id?: string;
  lead_id?: string;
  customer_id?: string;
}

interface NewTaskProps {
  opened: boolean;
  close: () => void;
  about?: TaskSubject;
}

const KINDS = ["todo", "call", "email", "meeting"] as const;
const LABELS = { todo: "To do", call: "Call", email: "E-mail", meeting: "Meeting" };
const REMIND = [
  { value: "", label: "No reminder" },
  { value: "0", label: "When it is due" },
  { value: "15", label: "15 minutes before" },
  { value: "60", label: "One hour before" },
  { value: "1440", label: "One day before" },
];

export function NewTask({ opened, close, about }: NewTaskProps) {
  const client = useQueryClient();
  const me = useMe();
  const sellers = useSellers();
  const [title, setTitle] = useState("");
  const [kind, setKind] = useState<(typeof KINDS)[number]>("todo");
  const [due, setDue] = useState("");
  const [remind, setRemind] = useState("");
  const [owner, setOwner] = useState<string | null>(me.id);
  const at = due ? new Date(due) : null;
  const create = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/tasks", {
          body: {
            ...about,
            title: title.trim(),
            kind,
            status: "open",
            priority: "normal",
            owner_id: owner,
            due_at: at?.toISOString() ?? null,
            remind_at: at && remind ? new Date(at.getTime() - Number(remind) * 60_000).toISOString() : null,
          },
        }),
      ),
    onSuccess: () => {
      setTitle("");
      close();
      void client.invalidateQueries({ queryKey: keys.allTasks });
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "The task was not made", message: reasonOf(error) }),
  });
  return (
    <Modal opened={opened} onClose={close} title={<b>New task</b>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim()) create.mutate();
        }}
      >
        <TextInput
          data-autofocus
          label="What is to be done"
          maxLength={200}
          dir="auto"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Select
          mt="sm"
          label="Kind"
          allowDeselect={false}
          data={KINDS.map((value) => ({ value, label: LABELS[value] }))}
          value={kind}
          onChange={(value) => setKind((value ?? "todo") as typeof kind)}
        />
        <TextInput
          mt="sm"
          type="datetime-local"
          label="Due"
          value={due}
          onChange={(event) => setDue(event.currentTarget.value)}
        />
        <Select
          mt="sm"
          label="Reminder"
          allowDeselect={false}
          disabled={!due}
          data={REMIND}
          value={remind}
          onChange={(value) => setRemind(value ?? "")}
        />
        <Select
          mt="sm"
          label="Who does it"
          placeholder="Nobody yet"
          clearable
          searchable
          data={sellers}
          value={owner}
          onChange={setOwner}
        />
        <Button type="submit" mt="md" disabled={!title.trim()} loading={create.isPending}>
          Add the task
        </Button>
      </form>
    </Modal>
  );
}
