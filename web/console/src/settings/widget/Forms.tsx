import { TextInput } from "@mantine/core";
import styles from "../Settings.module.css";
import { blankForm, type FormDraft } from "./draft";
import { firstOf, nameByLabel, type Texts } from "./fields";
import { FieldRows } from "./FieldRows";
import { LocalText } from "./LocalText";
import { hasProblem, type Problems } from "./problems";
import { Rows } from "./Rows";

interface FormsProps {
  forms: readonly FormDraft[];
  locales: readonly string[];
  problems: Problems;
  change: (forms: FormDraft[]) => void;
}

/** What agents and the assistant may ask a customer to fill in. */
export function Forms({ forms, locales, problems, change }: FormsProps) {
  return (
    <section className={styles.form} aria-labelledby="forms">
      <h3 id="forms">Forms</h3>
      <p className={styles.quiet}>Agents send them from the reply box, the assistant by their name in the data.</p>
      <Rows
        what="form"
        rows={forms}
        most={20}
        make={() => blankForm(locales)}
        change={change}
        nameOf={({ title }, at) => firstOf(title, locales) || `Form ${at + 1}`}
        about={({ fields }) => `${fields.length} ${fields.length === 1 ? "field" : "fields"}`}
        isWrong={(at) => hasProblem(problems, `forms.${at}`)}
        error={problems.get("forms")?.message}
      >
        {(form, edit, at) => {
          const wrong = (name: string) => problems.get(`forms.${at}.${name}`)?.message;
          const taken = forms.filter((other) => other.key !== form.key).map(({ id }) => id);
          const named = (title: Texts) =>
            form.isNamed ? {} : { id: nameByLabel(title, locales, taken, "form") };
          return (
            <>
              <LocalText
                label="Title"
                texts={form.title}
                locales={locales}
                most={500}
                error={wrong("title")}
                change={(title) => edit({ title, ...named(title) })}
              />
              <div className={styles.two}>
                <LocalText
                  label="On the button"
                  texts={form.submit}
                  locales={locales}
                  most={500}
                  error={wrong("submit")}
                  change={(submit) => edit({ submit })}
                />
                <TextInput
                  label="Form’s name in the data"
                  maxLength={40}
                  spellCheck={false}
                  value={form.id}
                  error={wrong("id")}
                  onChange={(event) => edit({ id: event.currentTarget.value, isNamed: true })}
                />
              </div>
              <FieldRows
                path={`forms.${at}.fields`}
                fields={form.fields}
                locales={locales}
                problems={problems}
                change={(fields) => edit({ fields })}
              />
            </>
          );
        }}
      </Rows>
    </section>
  );
}
