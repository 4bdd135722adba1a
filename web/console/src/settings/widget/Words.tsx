import { Select } from "@mantine/core";
import styles from "../Settings.module.css";
import { blankWord, type WordDraft } from "./draft";
import { LocalText } from "./LocalText";
import { blanksOf, PHRASES, usual } from "./phrases";
import { hasProblem, type Problems } from "./problems";
import { Rows } from "./Rows";

interface WordsProps {
  texts: readonly WordDraft[];
  locales: readonly string[];
  problems: Problems;
  change: (texts: WordDraft[]) => void;
}

/** What the widget says otherwise on this site than elsewhere. */
export function Words({ texts, locales, problems, change }: WordsProps) {
  return (
    <section className={styles.form} aria-labelledby="words">
      <h3 id="words">The widget’s own words</h3>
      <p className={styles.quiet}>Only what should differ; what is left blank stays as it is.</p>
      <Rows
        what="phrase"
        rows={texts}
        most={100}
        make={blankWord}
        change={change}
        nameOf={({ name }, at) => usual(name, "en") || name || `Phrase ${at + 1}`}
        about={({ words }) => Object.values(words).find((text) => text.trim() !== "") ?? "as it is"}
        isWrong={(at) => hasProblem(problems, `texts.${at}`)}
        error={problems.get("texts")?.message}
        unordered
      >
        {(one, edit, at) => (
          <>
            <Select
              label="Instead of"
              placeholder="Choose a phrase"
              searchable
              nothingFoundMessage="The widget says nothing like it"
              data={phrasesFor(one.name, texts)}
              value={one.name || null}
              error={problems.get(`texts.${at}.name`)?.message}
              onChange={(name) => edit({ name: name ?? "" })}
            />
            {one.name && (
              <LocalText
                label="Say"
                {...(blanksOf(one.name).length > 0 ? { description: `Keep ${blanksOf(one.name).join(" and ")}` } : {})}
                texts={one.words}
                locales={locales}
                most={300}
                error={problems.get(`texts.${at}.words`)?.message}
                placeholder={(locale) => usual(one.name, locale)}
                change={(words) => edit({ words })}
              />
            )}
          </>
        )}
      </Rows>
    </section>
  );
}

/** Those that no other row has; one that a file has set and this widget does not know stays. */
function phrasesFor(name: string, texts: readonly WordDraft[]) {
  const taken = new Set(texts.map((one) => one.name).filter((other) => other !== name));
  const free = PHRASES.filter(({ value }) => !taken.has(value));
  return name === "" || free.some(({ value }) => value === name) ? free : [{ value: name, label: name }, ...free];
}
