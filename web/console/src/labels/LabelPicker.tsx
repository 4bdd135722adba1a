import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { LabelRef } from "../api/types";
import { Icon } from "../shared/Icon";
import { labelsQuery } from "./queries";

interface PickerProps {
  chosen: readonly LabelRef[];
  choose: (ids: string[]) => void;
  disabled?: boolean;
}

/** A menu that puts labels on and takes them off, one by one. */
export function LabelPicker({ chosen, choose, disabled }: PickerProps) {
  const labels = useQuery(labelsQuery);
  const on = new Set(chosen.map((label) => label.id));

  function toggle(id: string) {
    const next = new Set(on);
    if (!next.delete(id)) next.add(id);
    choose([...next]);
  }
  return (
    <Menu closeOnItemClick={false} position="bottom-end" width={220}>
      <Tooltip label="Labels">
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label="Labels" {...(disabled ? { disabled } : {})}>
            <Icon name="tag" />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown mah={320} style={{ overflowY: "auto" }}>
        {(labels.data?.items ?? []).map((label) => (
          <Menu.Item
            key={label.id}
            role="menuitemcheckbox"
            aria-checked={on.has(label.id)}
            rightSection={on.has(label.id) ? <Icon name="check" size={14} /> : null}
            onClick={() => toggle(label.id)}
          >
            {label.name}
          </Menu.Item>
        ))}
        {labels.data?.items.length === 0 && <Menu.Label>An admin adds labels.</Menu.Label>}
        {labels.isError && <Menu.Label>The labels could not be loaded.</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}
