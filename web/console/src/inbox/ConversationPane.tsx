import { ActionIcon } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { mayWrite } from "../auth/may";
import { useMe } from "../auth/session";
import { ConversationLabelLine } from "../labels/ConversationLabels";
import { useCustomerOnline } from "../live/Live";
import { Icon } from "../shared/Icon";
import { Failed, Loading } from "../shared/States";
import { Brief } from "./Brief";
import { Composer } from "./Composer";
import { ConversationActions } from "./ConversationActions";
import styles from "./ConversationPane.module.css";
import { MessageList } from "./MessageList";
import { OwnerLine } from "./OwnerLine";
import { useConversation } from "./useConversation";
import type { View } from "./views";

interface PaneProps {
  id: string;
  view: View;
  togglePanel: () => void;
}

export function ConversationPane({ id, view, togglePanel }: PaneProps) {
  const { data: conversation, error, refetch } = useConversation(id);
  const navigate = useNavigate();
  const me = useMe();
  const online = useCustomerOnline(id);
  const back = () => void navigate({ to: "/inbox/$view", params: { view: view.name } });

  if (!conversation) {
    return error ? (
      <Failed
        what="This conversation could not be opened."
        error={error}
        retry={() => void refetch()}
      />
    ) : (
      <Loading rows={6} height={56} />
    );
  }
  return (
    <>
      <header className={styles.head}>
        <ActionIcon className={styles.back} onClick={back} size="lg" aria-label="Back to the list">
          <Icon name="back" size={20} />
        </ActionIcon>
        <div className={styles.who}>
          <h1 className={`${styles.name} cut`}>
            <bdi>{conversation.customer?.name ?? "Visitor"}</bdi>
            {online && <span className={styles.online}>online</span>}
          </h1>
          <OwnerLine conversation={conversation} />
        </div>
        <ConversationActions conversation={conversation} togglePanel={togglePanel} />
      </header>
      <ConversationLabelLine id={id} />
      <Brief conversation={conversation} />
      <MessageList conversation={conversation} />
      {mayWrite(me) && <Composer conversation={conversation} />}
    </>
  );
}
