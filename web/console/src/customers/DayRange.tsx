import { TextInput } from "@mantine/core";
import styles from "./Customer.module.css";

interface DayRangeProps {
  /** What happened on these days, as "Placed". */
  label: string;
  search: { from?: string; to?: string };
  show: (change: { from?: string | null; to?: string | null }) => void;
}

/** From one day to another, both included; either may be open. */
export function DayRange({ label, search, show }: DayRangeProps) {
  return (
    <div className={styles.days}>
      <TextInput
        size="xs"
        type="date"
        label={`${label} since`}
        max={search.to ?? "2999-12-31"}
        value={search.from ?? ""}
        onChange={(event) => show({ from: event.currentTarget.value || null })}
      />
      <TextInput
        size="xs"
        type="date"
        label="until"
        aria-label={`${label} until`}
        min={search.from ?? "1900-01-01"}
        max="2999-12-31"
        value={search.to ?? ""}
        onChange={(event) => show({ to: event.currentTarget.value || null })}
      />
    </div>
  );
}
