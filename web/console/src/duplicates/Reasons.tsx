import type { DuplicateView } from "../api/types";
import { Chip } from "../shared/Chip";
import { reasonsOf } from "./compare";
import styles from "./Duplicates.module.css";

const EVIDENCE: Record<string, string> = {
  verified_email: "The same e-mail address, verified on both sides",
  verified_phone: "The same telephone number, verified on both sides",
  merge_undone: "A merge of the two was undone",
};

/** What speaks for one person and what against, the weightiest first. */
export function Reasons({ pair }: { pair: DuplicateView }) {
  const reasons = reasonsOf(pair);
  const largest = Math.max(1, ...reasons.map((reason) => Math.abs(reason.bits)));
  return (
    <section className={styles.reasons} aria-label="Reasons">
      <h2>What speaks for one person, and what against</h2>
      {pair.reasons.evidence.length > 0 && (
        <div className={styles.chips}>
          {pair.reasons.evidence.map((name) => (
            <Chip key={name} tone={name === "merge_undone" ? "warn" : "good"} icon="verified">
              {EVIDENCE[name] ?? name}
            </Chip>
          ))}
        </div>
      )}
      <ul>
        {reasons.map((reason) => (
          <li key={reason.field}>
            <span>{reason.field}</span>
            <span className={styles.words}>{reason.words}</span>
            <span className={styles.bar} aria-hidden>
              <i
                data-against={reason.bits < 0}
                style={{ width: `${(Math.abs(reason.bits) / largest) * 50}%` }}
              />
            </span>
            <span className={`${styles.bits} figures`}>{signed(reason.bits)}</span>
          </li>
        ))}
      </ul>
      {reasons.length > 0 && (
        <p className={styles.small}>
          Each point doubles the odds that they are one person, or halves them where it is below zero. Two
          customers drawn by chance start at {signed(pair.reasons.prior)}.
        </p>
      )}
    </section>
  );
}

function signed(bits: number): string {
  const text = Math.abs(bits).toFixed(1);
  if (text === "0.0") return "0";
  return `${bits > 0 ? "+" : "−"}${text}`;
}
