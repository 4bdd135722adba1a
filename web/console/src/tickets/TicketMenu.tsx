import { ActionIcon, Button, Menu, Modal, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import type { TicketDetail } from "../api/types";
import { Icon } from "../shared/Icon";
import type { TicketAct } from "./useTicketActions";

interface MenuProps {
  ticket: TicketDetail;
  act: (what: TicketAct) => void;
  busy: boolean;
}

export function TicketMenu({ ticket, act, busy }: MenuProps) {
  const [asking, ask] = useDisclosure(false);
  const [duplicate, setDuplicate] = useState("");

  function merge() {
    act({ act: "merge", duplicates: [duplicate.trim()] });
    setDuplicate("");
    ask.close();
  }
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label="More to do">
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {ticket.merged_into ? (
            <Menu.Item
              leftSection={<Icon name="reopen" />}
              disabled={busy}
              onClick={() => act({ act: "separate", number: ticket.number })}
            >
              Separate it again
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<Icon name="twins" />} disabled={busy} onClick={ask.open}>
              Merge a duplicate into this
            </Menu.Item>
          )}
          {ticket.duplicates.map((number) => (
            <Menu.Item
              key={number}
              leftSection={<Icon name="reopen" />}
              disabled={busy}
              onClick={() => act({ act: "separate", number })}
            >
              Separate {number}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={asking}
        onClose={ask.close}
        title={<b>Merge a duplicate into {ticket.number}</b>}
       
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (duplicate.trim()) merge();
          }}
        >
          <TextInput
            data-autofocus
            label="Number of the duplicate"
            description="What was said in it shows here; it is closed. You can separate them again."
            placeholder="T-1234567"
            value={duplicate}
            onChange={(event) => setDuplicate(event.currentTarget.value)}
          />
          <Button type="submit" mt="md" disabled={!duplicate.trim()}>
            Merge
          </Button>
        </form>
      </Modal>
    </>
  );
}
