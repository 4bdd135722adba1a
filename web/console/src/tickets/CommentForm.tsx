import { Button, SegmentedControl, Select, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useRef, useState } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { TicketDetail } from "../api/types";
import { newClientId } from "../inbox/clientId";
import { ReplyList } from "../replies/ReplyList";
import { useReplies } from "../replies/useReplies";
import { Icon } from "../shared/Icon";
import styles from "./Tickets.module.css";

const MAX_CHARS = 20_000;
const AFTER = [
  { value: "", label: "and leave it as it is" },
  { value: "pending", label: "and wait for the customer" },
  { value: "solved", label: "and solve it" },
];

export function CommentForm({ ticket }: { ticket: TicketDetail }) {
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [note, setNote] = useState(false);
  const [after, setAfter] = useState("");
  // One name for a comment until it is stored, so that a second try cannot say it twice.
  const clientId = useRef(newClientId());
  const replies = useReplies(text, setText, { ticket: ticket.number });
  const trimmed = text.trim();

  const send = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/tickets/{number}/comments", {
          params: { path: { number: ticket.number } },
          body: {
            client_id: clientId.current,
            text: trimmed,
            visibility: note ? "note" : "public",
            ...(after && after !== ticket.status ? { status: after as "pending" | "solved" } : {}),
          },
        }),
      ),
    onSuccess: (changed) => {
      clientId.current = newClientId();
      setText("");
      setAfter("");
      client.setQueryData(keys.ticket(ticket.number), changed);
      void client.invalidateQueries({ queryKey: keys.comments(ticket.number) });
      void client.invalidateQueries({ queryKey: keys.allTickets });
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "The comment was not stored", message: reasonOf(error) }),
  });

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (replies.onKey(event)) return;
    if (event.key === "Escape") event.currentTarget.blur();
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (trimmed && !send.isPending) send.mutate();
  }

  return (
    <div className={styles.form} data-note={note}>
      <ReplyList replies={replies} />
      <Textarea
        autosize
        minRows={2}
        maxRows={8}
        dir="auto"
        maxLength={MAX_CHARS}
        value={text}
        placeholder={note ? "A note for colleagues" : "Answer the customer; / for canned replies"}
        aria-label={note ? "Private note" : "Answer to the customer"}
        aria-controls={replies.found.length > 0 ? replies.id : undefined}
        aria-activedescendant={replies.found.length > 0 ? `${replies.id}-${replies.at}` : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div className={styles.formLine}>
        <SegmentedControl
          size="xs"
          value={note ? "note" : "public"}
          onChange={(value) => setNote(value === "note")}
          data={[
            { value: "public", label: "Answer" },
            { value: "note", label: "Private note" },
          ]}
          aria-label="What to write"
        />
        <Select
          size="xs"
          aria-label="Then"
          allowDeselect={false}
          data={AFTER}
          value={after}
          onChange={(value) => setAfter(value ?? "")}
        />
        <Button
          onClick={() => send.mutate()}
          disabled={!trimmed}
          loading={send.isPending}
          leftSection={<Icon name={note ? "lock" : "send"} />}
        >
          {note ? "Add note" : "Answer"}
        </Button>
      </div>
    </div>
  );
}
