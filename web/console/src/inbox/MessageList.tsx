import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { ConversationDetail } from "../api/types";
import { useMe } from "../auth/session";
import { useCustomerTyping } from "../live/Live";
import { Icon } from "../shared/Icon";
import { Empty, Failed, Loading } from "../shared/States";
import { dayLabel } from "../shared/time";
import { useNow } from "../shared/useNow";
import { formsIn } from "./forms";
import styles from "./Messages.module.css";
import { MessageView, OutgoingView } from "./MessageView";
import { useEarlier, useSend, useThreadOptions } from "./queries";
import { EMPTY, entries, type Thread } from "./thread";

/** How near the end still counts as reading the newest. */
const NEAR_PX = 80;

export function MessageList({ conversation }: { conversation: ConversationDetail }) {
  const { id } = conversation;
  const query = useQuery(useThreadOptions(id, conversation.last_seq));
  if (query.data) return <Messages conversation={conversation} thread={query.data} />;
  return (
    <div className={styles.scroll}>
      {query.error ? (
        <Failed
          what="The messages could not be loaded."
          error={query.error}
          retry={() => void query.refetch()}
        />
      ) : (
        <Loading rows={6} height={48} />
      )}
    </div>
  );
}

interface MessagesProps {
  conversation: ConversationDetail;
  thread: Thread;
}

function Messages({ conversation, thread = EMPTY }: MessagesProps) {
  const me = useMe();
  const now = useNow();
  const { id } = conversation;
  const { retry, discard } = useSend(id);
  const earlier = useEarlier(id);
  const typing = useCustomerTyping(id);
  const scroll = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [hasNewer, setHasNewer] = useState(false);
  const shown = entries(thread);
  const forms = useMemo(() => formsIn(thread.messages), [thread.messages]);
  const lastKey = shown.at(-1)?.key;
  const firstKey = shown[0]?.key;
  const outgoing = thread.outbox.length;

  // What the agent sends is always shown; what comes in moves the page only at its end.
  useLayoutEffect(() => {
    const box = scroll.current;
    if (!box) return;
    if (atEnd.current || outgoing > 0) box.scrollTop = box.scrollHeight;
    else setHasNewer(true);
  }, [lastKey, outgoing]);

  useLayoutEffect(() => {
    const box = scroll.current;
    if (box && atEnd.current) box.scrollTop = box.scrollHeight;
  }, [typing, thread]);

  // Older messages above must not push away what is being read.
  const height = useRef(0);
  useLayoutEffect(() => {
    const box = scroll.current;
    if (box && !atEnd.current && height.current) box.scrollTop += box.scrollHeight - height.current;
    height.current = 0;
  }, [firstKey]);

  // The pane changes its height with the brief and the composer.
  useEffect(() => {
    const box = scroll.current;
    if (!box) return;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) box.scrollTop = box.scrollHeight;
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, []);

  function onScroll() {
    const box = scroll.current;
    if (!box) return;
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
    if (atEnd.current) setHasNewer(false);
  }

  function toEnd() {
    scroll.current?.scrollTo({ top: scroll.current.scrollHeight, behavior: "smooth" });
  }

  if (shown.length === 0) {
    return (
      <div className={styles.scroll}>
        <Empty title="No messages yet">What the customer writes will show here at once.</Empty>
      </div>
    );
  }
  return (
    <div className={styles.scroll} ref={scroll} onScroll={onScroll} tabIndex={0} role="log" aria-label="Messages">
      {thread.hasEarlier && (
        <div className={styles.earlier}>
          <Button
            variant="subtle"
            loading={earlier.isPending}
            onClick={() => {
              height.current = scroll.current?.scrollHeight ?? 0;
              earlier.mutate();
            }}
          >
            {earlier.isError ? "Older messages did not come. Try again" : "Show older messages"}
          </Button>
        </div>
      )}
      <ol className={styles.list}>
        {shown.map((entry) =>
          entry.kind === "day" ? (
            <li key={entry.key} className={styles.day}>
              {dayLabel(entry.at, now)}
            </li>
          ) : entry.kind === "message" ? (
            <li key={entry.key}>
              <MessageView
                conversationId={id}
                message={entry.message}
                customerName={conversation.customer?.name ?? null}
                continues={entry.continues}
                asked={forms.asked.get(entry.message.id)}
                answers={forms.answers.get(entry.message.id)}
              />
            </li>
          ) : (
            <li key={entry.key}>
              <OutgoingView
                outgoing={entry.outgoing}
                myName={me.name}
                retry={() => retry(entry.outgoing)}
                discard={() => discard(entry.outgoing)}
              />
            </li>
          ),
        )}
        {typing && (
          <li className={styles.typing} role="status">
            <span className={styles.dots} aria-hidden>
              <i />
              <i />
              <i />
            </span>
            {conversation.customer?.name ?? "The visitor"} is typing
          </li>
        )}
      </ol>
      {hasNewer && (
        <div className={styles.newer}>
          <Button radius="xl" leftSection={<Icon name="down" />} onClick={toEnd}>
            New messages
          </Button>
        </div>
      )}
    </div>
  );
}
