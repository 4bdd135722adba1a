import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { useMemo } from "react";
import type { ConversationDetail } from "../api/types";
import { Chip } from "../shared/Chip";
import { Icon } from "../shared/Icon";
import { humanise } from "../shared/words";
import { isEmpty, readBrief } from "./readBrief";
import styles from "./Brief.module.css";

/** What the agent needs before the first word; folds away. */
export function Brief({ conversation }: { conversation: ConversationDetail }) {
  const brief = useMemo(() => readBrief(conversation.brief), [conversation.brief]);
  const wasHandedOver = conversation.handoff_reason !== null;
  const isPhone = useMediaQuery("(max-width: 47.99em)", false, { getInitialValueInEffect: false });
  const [opened, { toggle }] = useDisclosure(!isPhone && conversation.status !== "resolved");
  if (!wasHandedOver || isEmpty(brief)) return null;
  return (
    <section className={styles.brief} aria-label="Handoff brief">
      <button type="button" className={styles.toggle} onClick={toggle} aria-expanded={opened}>
        <Icon name={opened ? "down" : "right"} />
        Brief
        <span className={`${styles.why} cut`}>
          handed over: {humanise(conversation.handoff_reason ?? "").toLowerCase()}
        </span>
      </button>
      {opened && (
        <dl className={styles.facts}>
          {brief.asked.length > 0 && (
            <>
              <dt>Asked about</dt>
              <dd>
                {brief.asked.map((asked) => (
                  <Chip key={asked.intent}>
                    {[humanise(asked.intent), ...asked.entities].join(" · ")}
                  </Chip>
                ))}
              </dd>
            </>
          )}
          {brief.tried.length > 0 && (
            <>
              <dt>Bot tried</dt>
              <dd>{brief.tried.join(", ")}</dd>
            </>
          )}
          {brief.noted.map((noted) => (
            <FactRow key={noted.label} {...noted} />
          ))}
          {brief.moods.length > 0 && (
            <>
              <dt>Mood over time</dt>
              <dd>
                {brief.moods.map((mood, index) => (
                  <span key={index} className={styles.mood} title={mood.label}>
                    {index > 0 && <Icon name="right" size={12} />}
                    <Icon name={mood.face} size={18} />
                    <span className="sr-only">{mood.label}</span>
                  </span>
                ))}
                <span>now {brief.moods.at(-1)?.label}</span>
              </dd>
            </>
          )}
        </dl>
      )}
    </section>
  );
}

function FactRow({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd dir="auto">{value}</dd>
    </>
  );
}
