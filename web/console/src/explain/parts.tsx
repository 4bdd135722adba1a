import { type ReactNode, useId } from "react";
import styles from "./Explanation.module.css";

interface SectionProps {
  title: string;
  aside?: string;
  children: ReactNode;
}

export function Section({ title, aside, children }: SectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h3 id={id}>
        {title}
        {aside && <span>{aside}</span>}
      </h3>
      {children}
    </section>
  );
}

/** A part of 1; its number stands beside it. */
export function Bar({ part }: { part: number }) {
  return (
    <span className={styles.track} aria-hidden>
      <span style={{ width: `${Math.min(1, part) * 100}%` }} />
    </span>
  );
}

interface ScaleProps {
  /** From 0 to 1, the middle is marked. */
  place: number;
  label: string;
  spoken: string;
  ends: readonly [string, string];
  middle: string;
  value: string;
}

/** A value on a line between two ends. */
export function Scale({ place, label, spoken, ends, middle, value }: ScaleProps) {
  const percent = Math.min(1, Math.max(0, place)) * 100;
  return (
    <div
      className={styles.scale}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
      aria-valuetext={spoken}
    >
      <span className={styles.value} style={{ "--place": `${percent}%` } as React.CSSProperties}>
        {value}
      </span>
      <span className={styles.rail}>
        <i style={{ insetInlineStart: `${percent}%` }} />
      </span>
      <span className={styles.ends}>
        <span>{ends[0]}</span>
        <span>{middle}</span>
        <span>{ends[1]}</span>
      </span>
    </div>
  );
}
