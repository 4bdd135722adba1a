import { Button } from "@mantine/core";
import { memo } from "react";
import type { StaffMessage } from "../api/types";
import { Avatar } from "../shared/Avatar";
import { Icon } from "../shared/Icon";
import { clock, exact } from "../shared/time";
import { Extras } from "./Extras";
import type { AskedForm, FormAnswers } from "./forms";
import { AnswersView, AskedFormView } from "./FormView";
import styles from "./Messages.module.css";
import { readPayload } from "./payload";
import type { Outgoing } from "./thread";
import { Understood } from "./Understood";

interface MessageProps {
  conversationId: string;
  message: StaffMessage;
  customerName: string | null;
  continues: boolean;
  /** The form that it asks the customer to fill in. */
  asked: AskedForm | undefined;
  /** What it answers of an earlier one. */
  answers: FormAnswers | undefined;
}

export const MessageView = memo(function MessageView(props: MessageProps) {
  const { message, customerName, continues, asked, answers } = props;
  if (message.author === "system") {
    return (
      <p className={styles.system} title={exact(new Date(message.sent_at))}>
        {message.text} · {clock(new Date(message.sent_at))}
      </p>
    );
  }
  const isNote = message.visibility === "note";
  const isCustomer = message.author === "customer";
  const kind = isNote ? "note" : message.author;
  const name = isCustomer ? customerName : message.name;
  const fileUrl = message.attachment_id
    ? `/api/v1/conversations/${props.conversationId}/attachments/${message.attachment_id}`
    : null;
  return (
    <div
      className={`${styles.message} ${styles[kind]} ${isCustomer ? "" : styles.ours}`}
      data-continues={continues}
    >
      <span className={styles.face}>
        {!continues && <Avatar name={name} kind={message.author === "bot" ? "bot" : message.author} />}
      </span>
      <div className={styles.body}>
        {continues ? (
          <span className="sr-only">{speaker(message, customerName)}</span>
        ) : (
          <By message={message} speaker={speaker(message, customerName)} isNote={isNote} />
        )}
        {answers ? (
          <AnswersView {...answers} />
        ) : (
          <div className={styles.bubble} dir="auto" title={exact(new Date(message.sent_at))}>
            {message.text}
          </div>
        )}
        {asked && (
          <div className={styles.extras}>
            <AskedFormView form={asked} />
          </div>
        )}
        <Extras payload={readPayload(message.payload)} fileUrl={fileUrl} />
        {isCustomer && <Understood message={message} />}
      </div>
    </div>
  );
});

function speaker(message: StaffMessage, customerName: string | null): string {
  if (message.author === "customer") return customerName ?? "Visitor";
  return message.author === "bot" ? "Bot" : (message.name ?? "Agent");
}

interface ByProps {
  message: StaffMessage;
  speaker: string;
  isNote: boolean;
}

function By({ message, speaker, isNote }: ByProps) {
  return (
    <span className={styles.by}>
      <bdi>{speaker}</bdi>
      <time dateTime={message.sent_at} className="figures">
        {clock(new Date(message.sent_at))}
      </time>
      {isNote && <NoteMark />}
    </span>
  );
}

function NoteMark() {
  return (
    <span className={styles.noteMark}>
      <Icon name="lock" size={12} /> Private note
    </span>
  );
}

interface OutgoingProps {
  outgoing: Outgoing;
  myName: string;
  retry: () => void;
  discard: () => void;
}

/** What was typed here and the store has not confirmed yet. */
export function OutgoingView({ outgoing, myName, retry, discard }: OutgoingProps) {
  const isFailed = outgoing.state === "failed";
  return (
    <div className={`${styles.message} ${styles.ours} ${styles[outgoing.note ? "note" : "agent"]}`}>
      <span className={styles.face}>
        <Avatar name={myName} kind="agent" />
      </span>
      <div className={styles.body}>
        <span className={styles.by}>
          {myName}
          {outgoing.note && <NoteMark />}
        </span>
        <div className={`${styles.bubble} ${isFailed ? "" : styles.pending}`} dir="auto">
          {outgoing.text || outgoing.form?.title}
        </div>
        {isFailed ? (
          <div className={`${styles.mark} ${styles.failed}`} role="alert">
            <Icon name="warning" size={14} />
            Not sent. {outgoing.reason}
            <Button size="compact-xs" variant="default" onClick={retry}>
              Try again
            </Button>
            <Button size="compact-xs" variant="subtle" color="gray" onClick={discard}>
              Discard
            </Button>
          </div>
        ) : (
          <span className={styles.mark}>
            <Icon name="clock" size={12} /> Sending…
          </span>
        )}
      </div>
    </div>
  );
}
