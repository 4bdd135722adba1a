import { Modal, Table } from "@mantine/core";
import { MOD } from "./keyboard";

const GROUPS: { title: string; keys: [string, string][] }[] = [
  {
    title: "Everywhere",
    keys: [
      [`${MOD} K`, "Find a page, a view or an action"],
      ["g i", "Inbox"],
      ["g k", "Tickets"],
      ["g p", "Sales pipeline"],
      ["g a", "Accounts"],
      ["g m", "Campaigns"],
      ["g c", "Customers"],
      ["g d", "Duplicates (admins)"],
      ["g t", "Transcripts (admins)"],
      ["g s", "Insights (analysts and admins)"],
      ["g ,", "Settings (admins)"],
      ["/", "Search in this list"],
      ["?", "These shortcuts"],
    ],
  },
  {
    title: "Inbox",
    keys: [
      ["j", "Next conversation"],
      ["k", "Previous conversation"],
      ["c", "Claim"],
      ["b", "Hand back to the bot"],
      ["u", "Put back into the queue"],
      ["e", "Resolve, or reopen"],
      ["r", "Write a reply"],
      ["n", "Write a private note"],
      ["d", "Show or hide the customer"],
    ],
  },
  {
    title: "Tickets",
    keys: [
      ["j", "Next ticket"],
      ["k", "Previous ticket"],
      ["x", "Select the open ticket, or not"],
      ["Shift A", "Select all that are shown"],
      ["Escape", "Select none"],
    ],
  },
  {
    title: "Sales pipeline",
    keys: [
      ["Shift →", "Move the opportunity to the next stage"],
      ["Shift ←", "Move it to the stage before"],
    ],
  },
  {
    title: "Duplicates",
    keys: [
      ["j", "Next pair"],
      ["k", "Previous pair"],
      ["m", "Merge"],
      ["n", "Not the same"],
    ],
  },
  {
    title: "Writing",
    keys: [
      ["Enter", "Send"],
      [`${MOD} Enter`, "Send, too"],
      ["Shift Enter", "New line"],
      ["Esc", "Leave the text field"],
    ],
  },
];

export function ShortcutsHelp({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Modal opened={opened} onClose={close} title={<b>Keyboard shortcuts</b>}>
      {GROUPS.map((group) => (
        <Table key={group.title} captionSide="top" mb="md" verticalSpacing={4} withRowBorders={false}>
          <Table.Caption ta="left" fw={600} c="var(--ink-1)">
            {group.title}
          </Table.Caption>
          <Table.Tbody>
            {group.keys.map(([keys, what]) => (
              <Table.Tr key={keys}>
                <Table.Td w={120}>
                  {keys.split(" ").map((key) => (
                    <span key={key}>
                      <kbd>{key}</kbd>{" "}
                    </span>
                  ))}
                </Table.Td>
                <Table.Td>{what}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ))}
    </Modal>
  );
}
