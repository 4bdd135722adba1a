import type { ReactNode } from "react";
import type { ConversationView } from "../api/types";
import { useMe } from "../auth/session";
import { Icon, type IconName } from "../shared/Icon";
import { RelativeTime, Waiting } from "../shared/Time";
import styles from "./ConversationPane.module.css";

/** Who owns the conversation, in words. */
export function OwnerLine({ conversation }: { conversation: ConversationView }) {
  const me = useMe();
  const { owner, status } = conversation;
  if (status === "resolved") {
    return (
      <Line icon="check">
        Resolved · last message <RelativeTime at={conversation.last_message_at} />
      </Line>
    );
  }
  if (owner.kind === "bot") return <Line icon="bot">The bot answers</Line>;
  if (owner.kind === "queue") {
    return (
      <Line icon="clock">
        In the queue{conversation.queued_at && ", "}
        {conversation.queued_at && <Waiting since={conversation.queued_at} />}
      </Line>
    );
  }
  return (
    <Line icon="person">
      {owner.user?.id === me.id ? "Yours: you answer" : `${owner.user?.name ?? "A colleague"} answers`}
    </Line>
  );
}

function Line({ icon, children }: { icon: IconName; children: ReactNode }) {
  return (
    <span className={styles.owner}>
      <Icon name={icon} size={14} />
      <span className="cut">{children}</span>
    </span>
  );
}
