import { ActionIcon, Button, Menu, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { LabelRef, TicketView } from "../api/types";
import { labelsQuery } from "../labels/queries";
import { useSellers } from "../sales/colleagues";
import { Icon } from "../shared/Icon";
import { humanise } from "../shared/words";
import type { BulkChange, BulkEdit } from "./bulk";
import { PRIORITIES, STATUSES } from "./filters";
import styles from "./Tickets.module.css";
import { useBulk } from "./useBulk";

const NOBODY = "nobody";

interface BulkBarProps {
  tickets: readonly TicketView[];
  /** How many are shown, and whether these are all of them. */
  shown: number;
  selectAll: () => void;
  clear: () => void;
}

/** What can be done with the selected tickets, all at once. */
export function BulkBar({ tickets, shown, selectAll, clear }: BulkBarProps) {
  const bulk = useBulk();
  const colleagues = useSellers();
  const run = (edit: Partial<BulkEdit>) =>
    bulk.mutate({ tickets, edit: { change: {}, addLabels: [], removeLabels: [], ...edit } });
  const set = (change: BulkChange) => run({ change });
  return (
    <div className={styles.bulk} role="region" aria-label="Selected tickets">
      <div className={styles.bulkHead}>
        <b role="status" className="figures">
          {tickets.length} selected
        </b>
        {tickets.length < shown && (
          <Button variant="subtle" onClick={selectAll}>
            All {shown} shown
          </Button>
        )}
        <ActionIcon aria-label="Select none" title="Select none (Escape)" onClick={clear} ml="auto">
          <Icon name="close" />
        </ActionIcon>
      </div>
      <div className={styles.bulkActs}>
        <Select
          size="xs"
          aria-label="Assign the selected to"
          placeholder="Assign to…"
          searchable
          disabled={bulk.isPending}
          data={[{ value: NOBODY, label: "Nobody" }, ...colleagues]}
          value={null}
          onChange={(id) => id && set({ assignee_id: id === NOBODY ? null : id })}
        />
        <Select
          size="xs"
          aria-label="Set the status of the selected"
          placeholder="Status…"
          disabled={bulk.isPending}
          data={STATUSES.map((value) => ({ value, label: humanise(value) }))}
          value={null}
          onChange={(status) => status && set({ status: status as (typeof STATUSES)[number] })}
        />
        <Select
          size="xs"
          aria-label="Set the priority of the selected"
          placeholder="Priority…"
          disabled={bulk.isPending}
          data={PRIORITIES.map((value) => ({ value, label: humanise(value) }))}
          value={null}
          onChange={(priority) => priority && set({ priority: priority as (typeof PRIORITIES)[number] })}
        />
        <LabelMenu tickets={tickets} busy={bulk.isPending} run={run} />
      </div>
    </div>
  );
}

interface LabelMenuProps {
  tickets: readonly TicketView[];
  busy: boolean;
  run: (edit: Partial<BulkEdit>) => void;
}

/** Puts a label on all of them; one that all have already is taken off. */
function LabelMenu({ tickets, busy, run }: LabelMenuProps) {
  const labels = useQuery(labelsQuery);
  const having = (label: LabelRef) =>
    tickets.filter((ticket) => ticket.labels.some((one) => one.id === label.id)).length;
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button variant="default" size="xs" disabled={busy} leftSection={<Icon name="tag" size={14} />}>
          Label
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: "auto" }}>
        {(labels.data?.items ?? []).map((label) => {
          const on = having(label);
          const isOnAll = on === tickets.length;
          return (
            <Menu.Item
              key={label.id}
              role="menuitemcheckbox"
              aria-checked={isOnAll ? true : on > 0 ? "mixed" : false}
              rightSection={isOnAll ? <Icon name="check" size={14} /> : on > 0 ? `${on} of ${tickets.length}` : null}
              onClick={() => run(isOnAll ? { removeLabels: [label] } : { addLabels: [label] })}
            >
              {label.name}
            </Menu.Item>
          );
        })}
        {labels.data?.items.length === 0 && <Menu.Label>An admin adds labels.</Menu.Label>}
        {labels.isError && <Menu.Label>The labels could not be loaded.</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}
