import type { ReactNode } from "react";
import styles from "./Customer.module.css";

interface SectionProps {
  title: string;
  /** Beside the title: a count, a date. */
  aside?: ReactNode;
  /** What will show here, when there is nothing. */
  empty?: string | false;
  children?: ReactNode;
}

export function Section({ title, aside, empty, children }: SectionProps) {
  return (
    <section className={styles.section}>
      <h2>
        {title}
        {aside && <span>{aside}</span>}
      </h2>
      {empty ? <p className={styles.quiet}>{empty}</p> : children}
    </section>
  );
}
