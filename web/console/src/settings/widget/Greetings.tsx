import { NumberInput, TextInput } from "@mantine/core";
import styles from "../Settings.module.css";
import { blankGreeting, type GreetingDraft } from "./draft";
import { firstOf } from "./fields";
import { LocalText } from "./LocalText";
import { hasProblem, type Problems } from "./problems";
import { Rows } from "./Rows";

interface GreetingsProps {
  greetings: readonly GreetingDraft[];
  locales: readonly string[];
  problems: Problems;
  change: (greetings: GreetingDraft[]) => void;
}

/** What the widget says of its own accord, by page. */
export function Greetings({ greetings, locales, problems, change }: GreetingsProps) {
  return (
    <section className={styles.form} aria-labelledby="greetings">
      <h3 id="greetings">Greetings</h3>
      <p className={styles.quiet}>
        Shown beside the button on pages that match; a chat begins only when somebody answers.
      </p>
      <Rows
        what="greeting"
        rows={greetings}
        most={20}
        make={() => blankGreeting(greetings)}
        change={change}
        nameOf={({ text }, at) => firstOf(text, locales) || `Greeting ${at + 1}`}
        about={({ path, after }) => `${path.trim() || "*"}, after ${after || 0} s`}
        isWrong={(at) => hasProblem(problems, `greetings.${at}`)}
        error={problems.get("greetings")?.message}
      >
        {(one, edit, at) => (
          <>
            <LocalText
              label="Words"
              texts={one.text}
              locales={locales}
              most={500}
              tall
              error={problems.get(`greetings.${at}.text`)?.message}
              change={(text) => edit({ text })}
            />
            <div className={styles.two}>
              <TextInput
                label="On pages"
                description="* stands for anything"
                maxLength={200}
                spellCheck={false}
                value={one.path}
                error={problems.get(`greetings.${at}.path`)?.message}
                onChange={(event) => edit({ path: event.currentTarget.value })}
              />
              <NumberInput
                label="After"
                description="Time on the page"
                suffix=" s"
                min={0}
                max={3600}
                allowDecimal={false}
                value={one.after}
                error={problems.get(`greetings.${at}.after_seconds`)?.message}
                onChange={(after) => edit({ after })}
              />
            </div>
          </>
        )}
      </Rows>
    </section>
  );
}
