import { Button, Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { reasonOf, Unreachable } from "../api/problems";
import { Icon, type IconName } from "./Icon";
import styles from "./States.module.css";

interface EmptyProps {
  title: string;
  children?: ReactNode;
  icon?: IconName;
  action?: ReactNode;
}

/** Nothing here yet: what would be, and what fills it. */
export function Empty({ title, children, icon, action }: EmptyProps) {
  return (
    <div className={styles.state}>
      {icon && <Icon name={icon} size={28} />}
      <p className={styles.title}>{title}</p>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

interface FailedProps {
  /** What could not be done, e.g. "The conversations could not be loaded." */
  what: string;
  error: unknown;
  retry?: () => void;
  small?: boolean;
}

/** What happened, whether anything was lost, and another try. */
export function Failed({ what, error, retry, small }: FailedProps) {
  return (
    <div className={small ? `${styles.state} ${styles.small}` : styles.state} role="alert">
      {!small && <Icon name="warning" size={28} />}
      <p className={styles.title}>{what}</p>
      <p>
        {reasonOf(error)}
        {error instanceof Unreachable && " Nothing was lost."}
      </p>
      {retry && (
        <Button variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** Grey lines of the height of what will come, so that nothing jumps. */
export function Loading({ rows = 4, height = 40 }: { rows?: number; height?: number }) {
  return (
    <div className={styles.rows} role="status" aria-busy aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} />
      ))}
    </div>
  );
}
