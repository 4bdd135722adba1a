import { Button, NumberInput, Textarea, TextInput } from "@mantine/core";
import styles from "../Settings.module.css";
import { blankGreeting, type GreetingDraft } from "./draft";

interface GreetingsProps {
  greetings: readonly GreetingDraft[];
  locales: readonly string[];
  change: (greetings: GreetingDraft[]) => void;
}

/** What the widget says of its own accord, by page. */
export function Greetings({ greetings, locales, change }: GreetingsProps) {
  const edit = (key: string, values: Partial<GreetingDraft>) =>
    change(greetings.map((one) => (one.key === key ? { ...one, ...values } : one)));
  return (
    <section className={styles.form} aria-labelledby="greetings">
      <h3 id="greetings">Greetings</h3>
      <p className={styles.quiet}>
        Shown beside the button on pages that match; a chat begins only when somebody answers.
      </p>
      {greetings.map((one, index) => (
        <div key={one.key} className={`${styles.card} ${styles.form}`}>
          <div className={styles.two}>
            <TextInput
              label="On pages"
              description="* stands for anything"
              maxLength={200}
              value={one.path}
              onChange={(event) => edit(one.key, { path: event.currentTarget.value })}
            />
            <NumberInput
              label="After"
              description="Time on the page"
              suffix=" s"
              min={0}
              max={3600}
              allowDecimal={false}
              value={one.after}
              onChange={(after) => edit(one.key, { after: Number(after) || 0 })}
            />
          </div>
          {locales.map((locale) => (
            <Textarea
              key={locale}
              label={`Words (${locale})`}
              autosize
              minRows={1}
              maxLength={500}
              lang={locale}
              value={one.text[locale] ?? ""}
              onChange={(event) => edit(one.key, { text: { ...one.text, [locale]: event.currentTarget.value } })}
            />
          ))}
          <Button
            variant="subtle"
            color="red"
            aria-label={`Remove greeting ${index + 1}`}
            onClick={() => change(greetings.filter((other) => other.key !== one.key))}
          >
            Remove
          </Button>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          disabled={greetings.length >= 20}
          onClick={() => change([...greetings, blankGreeting(greetings)])}
        >
          Add a greeting
        </Button>
      </div>
    </section>
  );
}
