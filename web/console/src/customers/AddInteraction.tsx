import { Button, SegmentedControl, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import styles from "./Customer.module.css";

const MAX_CHARS = 10_000;
type Kind = "note" | "call" | "email";
const KINDS = [
  { value: "note", label: "Note" },
  { value: "call", label: "Call" },
  { value: "email", label: "E-mail" },
];
const ASKED: Record<Kind, string> = {
  note: "What colleagues should know",
  call: "What was said on the phone",
  email: "What the e-mail said",
};

/** Writes a note, a call or an e-mail on the timeline. */
export function AddInteraction({ customerId }: { customerId: string }) {
  const client = useQueryClient();
  const [kind, setKind] = useState<Kind>("note");
  const [direction, setDirection] = useState<"in" | "out">("in");
  const [text, setText] = useState("");
  const add = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/customers/{customer_id}/interactions", {
          params: { path: { customer_id: customerId } },
          body: { kind, text: text.trim(), ...(kind === "note" ? {} : { direction }) },
        }),
      ),
    onSuccess: () => {
      setText("");
      void client.invalidateQueries({ queryKey: keys.timelines(customerId) });
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "It was not written down", message: reasonOf(error) }),
  });
  return (
    <div className={styles.add}>
      <Textarea
        autosize
        minRows={1}
        maxRows={8}
        dir="auto"
        maxLength={MAX_CHARS}
        value={text}
        placeholder={ASKED[kind]}
        aria-label={ASKED[kind]}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={styles.addLine}>
        <SegmentedControl
          size="xs"
          value={kind}
          onChange={(value) => setKind(value as Kind)}
          data={KINDS}
          aria-label="What to add"
        />
        {kind !== "note" && (
          <SegmentedControl
            size="xs"
            value={direction}
            onChange={(value) => setDirection(value as "in" | "out")}
            data={[
              { value: "in", label: "From them" },
              { value: "out", label: "To them" },
            ]}
            aria-label="Which way"
          />
        )}
        <Button size="xs" onClick={() => add.mutate()} disabled={!text.trim()} loading={add.isPending}>
          Add
        </Button>
      </div>
    </div>
  );
}
