import { Button, Group } from "@mantine/core";

export function UndoMessage({ text, undo }: { text: string; undo: () => void }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      {text}
      <Button variant="subtle" onClick={undo}>
        Undo
      </Button>
    </Group>
  );
}
