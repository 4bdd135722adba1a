import type { StaffMessage } from "../api/types";
import { WhyButton } from "../explain/Why";
import { Chip, MoodChip } from "../shared/Chip";
import { percent, seconds } from "../shared/numbers";
import { actionName, humanise } from "../shared/words";
import styles from "./Messages.module.css";
import { understanding } from "./understanding";

/** What was understood of a customer's message, quietly, with how sure on hover. */
export function Understood({ message }: { message: StaffMessage }) {
  const understood = understanding(message.nlu);
  if (!understood) return null;
  const { intent, mood, entities } = understood;
  const actions = (message.actions ?? []).filter((name) => name.startsWith("action_"));
  const all = (message.actions ?? []).map(actionName).join(", ");
  return (
    <div className={styles.understood} role="group" aria-label="What was understood">
      {intent && (
        <Chip quiet hint={intentHint(intent.confidence, intent.others)}>
          {humanise(intent.name)}
        </Chip>
      )}
      {mood && (
        <MoodChip quiet mood={mood.mood} {...(mood.hint ? { hint: `Sentiment: ${mood.hint}` } : {})} />
      )}
      {entities.map(({ entity, value }) => (
        <Chip key={`${entity}=${value}`} quiet hint={`Recognised as ${humanise(entity).toLowerCase()}`}>
          {value}
        </Chip>
      ))}
      {all && (
        <Chip quiet icon="bot" hint={`What the bot did: ${all}`}>
          {actions.length > 0 ? actionName(actions.at(-1)!) : "Answered"}
        </Chip>
      )}
      {message.latency_ms !== null && (
        <Chip quiet icon="clock" hint="From the customer's message to the stored answer">
          {seconds(message.latency_ms)}
        </Chip>
      )}
      <WhyButton message={message} />
    </div>
  );
}

function intentHint(confidence: number | null, others: string): string {
  const sure = confidence === null ? "Intent" : `Intent, ${percent(confidence)} sure`;
  return others ? `${sure}. Next: ${others}` : sure;
}
