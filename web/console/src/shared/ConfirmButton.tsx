import { Button, Popover, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

interface ConfirmProps {
  label: string;
  /** What will happen, naming the thing. */
  question: string;
  confirm: string;
  run: () => void;
  busy: boolean;
  disabled?: boolean;
}

/** A button for what cannot be taken back: it asks once, beside itself. */
export function ConfirmButton({ label, question, confirm, run, busy, disabled = false }: ConfirmProps) {
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <Popover opened={opened} onDismiss={close} width={280} position="bottom-end" trapFocus returnFocus withRoles>
      <Popover.Target>
        <Button variant="default" loading={busy} disabled={disabled} onClick={toggle}>
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={question}>
        <Text size="sm" mb="sm">
          {question}
        </Text>
        <Button
          color="red"
          onClick={() => {
            close();
            run();
          }}
        >
          {confirm}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
