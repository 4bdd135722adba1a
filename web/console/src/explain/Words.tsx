import { SegmentedControl } from "@mantine/core";
import { Fragment, useState } from "react";
import type { Explanation } from "../api/types";
import { percent, signed } from "../shared/numbers";
import { humanise } from "../shared/words";
import styles from "./Explanation.module.css";
import { Section } from "./parts";
import { type Aspect, type Part, parts, together } from "./weights";

const ASPECTS: { value: Aspect; label: string }[] = [
  { value: "intent", label: "Intent" },
  { value: "sentiment", label: "Sentiment" },
  { value: "frustrated", label: "Frustration" },
];

/** The message itself; each word shows what would be lost without it. */
export function Words({ explanation }: { explanation: Explanation }) {
  const [aspect, setAspect] = useState<Aspect>("intent");
  const shown = parts(explanation, aspect);
  return (
    <Section title="What the words do">
      <SegmentedControl
        size="xs"
        aria-label="What the words speak for"
        value={aspect}
        onChange={(value) => setAspect(ASPECTS.find((each) => each.value === value)?.value ?? "intent")}
        data={ASPECTS}
      />
      {shown.length === 0 ? (
        <p className={styles.note}>There are no words in this message to weigh.</p>
      ) : (
        <>
          <p className={styles.words} dir="auto">
            {together(shown).map((clump) => (
              <Fragment key={clump[0]!.key}>
                <span className={styles.clump}>
                  {clump.map((part) => (
                    <Word key={part.key} part={part} />
                  ))}
                </span>
                {clump.at(-1)!.space}
              </Fragment>
            ))}
          </p>
          <p className={styles.note}>{caption(explanation, aspect)}</p>
          {shown.every((part) => part.weight === null) && (
            <p className={styles.note}>No word decides by itself: without any one of them it reads the same.</p>
          )}
        </>
      )}
    </Section>
  );
}

function Word({ part: { before, text, after, weight } }: { part: Part }) {
  return (
    <span className={styles.unit}>
      <span className={weight ? `${styles.word} ${styles[weight.tone]}` : ""}>
        {before}
        {text}
        {after}
      </span>
      {weight && (
        <>
          <span className={`${styles.weight} ${styles[weight.tone]}`} aria-hidden>
            <i style={{ width: `${weight.share * 100}%` }} />
            <b className="figures">{weight.said}</b>
          </span>
          <span className="sr-only"> ({weight.spoken})</span>
        </>
      )}
    </span>
  );
}

function caption({ intent, sentiment }: Explanation, aspect: Aspect): string {
  if (aspect === "intent") {
    return `How many points of the ${percent(intent.confidence)} for “${humanise(intent.name)}” would be lost without the word.`;
  }
  if (aspect === "sentiment") {
    return `How far the valence of ${signed(sentiment.valence, 2)} would move without the word: + makes it more positive, − more negative.`;
  }
  return `How many points of the ${percent(sentiment.frustrated)} for frustration would be lost without the word.`;
}
