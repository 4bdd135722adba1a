import { Chip } from "../shared/Chip";
import type { AskedForm, FormAnswers } from "./forms";
import styles from "./Messages.module.css";

/** A form that the customer was sent: what it asks, and whether they have answered. */
export function AskedFormView({ form }: { form: AskedForm }) {
  return (
    <div className={styles.card} role="group" aria-label={`Form: ${form.title}`}>
      <div className={styles.cardHead}>
        <span dir="auto">{form.title}</span>
        <Chip tone={form.answered ? "good" : "neutral"} icon={form.answered ? "check" : "clock"}>
          {form.answered ? "answered" : "not answered yet"}
        </Chip>
      </div>
      <p dir="auto">{form.fields.map(({ label }) => label).join(" · ")}</p>
    </div>
  );
}

/** What the customer has filled in, in place of the text that says the same. */
export function AnswersView({ title, facts }: FormAnswers) {
  return (
    <div className={styles.card} role="group" aria-label={`Answers: ${title}`}>
      <div className={styles.cardHead}>
        <span dir="auto">{title}</span>
      </div>
      <dl>
        {facts.map(({ label, value }) => (
          <div key={label} style={{ display: "contents" }}>
            <dt dir="auto">{label}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
