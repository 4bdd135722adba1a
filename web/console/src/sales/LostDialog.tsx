import { Button, Group, Modal, Select, Textarea } from "@mantine/core";
import { useState } from "react";
import type { LostReason, OpportunityView } from "../api/types";
import { humanise } from "../shared/words";
import { LOST_REASONS } from "./filters";

interface LostProps {
  card: OpportunityView | null;
  close: () => void;
  lose: (reason: LostReason, note: string) => void;
}

/** Why it was lost: the report counts the reasons. */
export function LostDialog({ card, close, lose }: LostProps) {
  const [reason, setReason] = useState<LostReason | null>(null);
  const [note, setNote] = useState("");
  return (
    <Modal
      opened={card !== null}
      onClose={close}
      title={<b>Why was {card?.name ?? "it"} lost?</b>}
     
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (reason) lose(reason, note.trim());
        }}
      >
        <Select
          data-autofocus
          label="Reason"
          placeholder="Choose one"
          data={LOST_REASONS.map((value) => ({ value, label: humanise(value) }))}
          value={reason}
          onChange={(value) => setReason(value as LostReason | null)}
        />
        <Textarea
          mt="sm"
          label="What happened"
          autosize
          minRows={2}
          maxLength={500}
          dir="auto"
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Group mt="md">
          <Button type="submit" disabled={!reason}>
            It is lost
          </Button>
          <Button variant="default" onClick={close}>
            Leave it where it is
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
