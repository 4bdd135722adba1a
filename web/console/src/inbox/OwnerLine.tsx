import type { ConversationView } from "../api/types";
import { useMe } from "../auth/session";
import { Icon } from "../shared/Icon";
import { RelativeTime, Waiting } from "../shared/Time";
import styles from "./ConversationPane.module.css";

/** Who owns the conversation, in words. */
export function OwnerLine({ conversation }: { conversation: ConversationView }) {
  const me = useMe();
  const { owner, status, queued_at: queuedAt } = conversation;
  if (status === "resolved") {
    return (
      <span className={styles.owner}>
        <Icon name="check" size={14} /> Resolved · last message{" "}
        <RelativeTime at={conversation.last_message_at} />
      </span>
    );
  }
  if (owner.kind === "bot") {
    return (
      <span className={styles.owner}>
        <Icon name="bot" size={14} /> The bot answers
      </span>
    );
  }
  if (owner.kind === "queue") {
    return (
      <span className={styles.owner}>
        <Icon name="clock" size={14} /> In the queue
        {queuedAt && (
          <>
            , <Waiting since={queuedAt} />
          </>
        )}
      </span>
    );
  }
  return (
    <span className={styles.owner}>
      <Icon name="person" size={14} />
      {owner.user?.id === me.id ? "Yours: you answer" : `${owner.user?.name ?? "A colleague"} answers`}
    </span>
  );
}
