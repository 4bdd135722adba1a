import { useQuery } from "@tanstack/react-query";
import type { Explanation, StaffMessage } from "../api/types";
import { understanding } from "../inbox/understanding";
import { Chip, MoodChip } from "../shared/Chip";
import { percent, signed } from "../shared/numbers";
import { Empty, Failed, Loading } from "../shared/States";
import { humanise, mood } from "../shared/words";
import styles from "./Explanation.module.css";
import { Bar, Section, Scale } from "./parts";
import { explanationQuery } from "./queries";
import { difference, scopePlace } from "./weights";
import { Words } from "./Words";

/** What the reading of a message rests on, by the model in service. */
export function ExplanationPanel({ message }: { message: StaffMessage }) {
  const { data, error, refetch } = useQuery(explanationQuery(message.text));
  if (data) {
    return (
      <div className={styles.panel}>
        <Words explanation={data} />
        <Intent explanation={data} message={message} />
        <Scope scope={data.scope} />
        <Nearest examples={data.nearest} />
        <Sentiment sentiment={data.sentiment} />
      </div>
    );
  }
  return error ? (
    <Failed what="This could not be explained." error={error} retry={() => void refetch()} />
  ) : (
    <Loading rows={5} height={104} />
  );
}

interface IntentProps {
  explanation: Explanation;
  message: StaffMessage;
}

function Intent({ explanation: { intent }, message }: IntentProps) {
  return (
    <Section title="Intent">
      <ol className={styles.bars}>
        {intent.ranking.map(({ name, confidence }, rank) => (
          <li key={name} data-first={rank === 0}>
            <span className={styles.name}>{humanise(name)}</span>
            <Bar part={confidence} />
            <span className="figures">{percent(confidence)}</span>
          </li>
        ))}
      </ol>
      <Earlier intent={intent} message={message} />
    </Section>
  );
}

function Earlier({ intent, message }: { intent: Explanation["intent"]; message: StaffMessage }) {
  const stored = understanding(message.nlu)?.intent ?? null;
  const kind = difference(stored, intent);
  if (!kind || !stored) return null;
  const then = stored.confidence === null ? humanise(stored.name) : `${humanise(stored.name)}, ${percent(stored.confidence)} sure`;
  return (
    <p className={styles.note}>
      {kind === "unsure"
        ? "When the message came, no intent was sure enough to act on."
        : `When the message came: ${then}. The model has been trained since.`}
    </p>
  );
}

function Scope({ scope }: { scope: Explanation["scope"] }) {
  const score = `score ${signed(scope.score, 2)}`;
  const threshold = `threshold ${signed(scope.threshold, 2)}`;
  return (
    <Section title="Within what was taught?">
      <Chip tone={scope.inside ? "good" : "warn"} icon={scope.inside ? "check" : "warning"}>
        {scope.inside ? "Inside" : "Outside"}
      </Chip>
      <Scale
        place={scopePlace(scope)}
        label="Scope"
        spoken={`${scope.inside ? "inside" : "outside"}, ${score}, ${threshold}`}
        ends={["outside", "inside"]}
        middle={threshold}
        value={score}
      />
      <p className={styles.note}>
        Nearest intent: {humanise(scope.nearest)}, similarity{" "}
        <span className="figures">{scope.similarity.toFixed(2)}</span>
      </p>
    </Section>
  );
}

function Nearest({ examples }: { examples: Explanation["nearest"] }) {
  return (
    <Section title="Nearest training examples" aside="similarity, 1 is the same">
      {examples.length === 0 ? (
        <Empty title="The model keeps no examples" />
      ) : (
        <ol className={styles.examples}>
          {examples.map((example, index) => (
            <li key={index}>
              <span className={`${styles.similarity} figures`}>{example.similarity.toFixed(2)}</span>
              <span className={styles.example} dir="auto">
                {example.text}
              </span>
              <Chip quiet>{humanise(example.intent)}</Chip>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function Sentiment({ sentiment }: { sentiment: Explanation["sentiment"] }) {
  const { label, score, valence, frustrated } = sentiment;
  const said = `valence ${signed(valence, 2)}`;
  return (
    <Section title="Sentiment">
      <span className={styles.line}>
        <MoodChip mood={mood(valence)} />
        <span>
          {percent(score)} sure that it is {label}
        </span>
      </span>
      <Scale
        place={(1 + valence) / 2}
        label="Valence"
        spoken={`${signed(valence, 2)} on a scale from −1 to 1`}
        ends={["negative −1", "positive +1"]}
        middle="0"
        value={said}
      />
      <ul className={styles.bars}>
        <li>
          <span className={styles.name}>Frustrated</span>
          <Bar part={frustrated} />
          <span className="figures">{percent(frustrated)}</span>
        </li>
      </ul>
    </Section>
  );
}
