import { Button, Popover } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Icon } from "../shared/Icon";
import styles from "./Customer.module.css";

interface FoldedFiltersProps {
  /** How many are in force. */
  count: number;
  clear: () => void;
  children: ReactNode;
}

/** Conditions besides the words, folded away: most lists need none. */
export function FoldedFilters({ count, clear, children }: FoldedFiltersProps) {
  const [opened, { toggle, set }] = useDisclosure(false);
  return (
    <Popover opened={opened} onChange={set} position="bottom-end" shadow="md" width={300} trapFocus returnFocus>
      <Popover.Target>
        <Button size="xs" variant="default" leftSection={<Icon name="settings" />} onClick={toggle}>
          {count > 0 ? `Filters: ${count}` : "Filters"}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Filters">
        <div className={styles.conditions}>
          {children}
          {count > 0 && (
            <Button size="xs" variant="default" onClick={clear}>
              Clear the filters
            </Button>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
