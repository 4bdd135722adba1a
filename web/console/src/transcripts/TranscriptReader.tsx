import { ActionIcon, Anchor, Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { TranscriptFilters } from "../app/router";
import { formsIn } from "../inbox/forms";
import { MessageView } from "../inbox/MessageView";
import messageStyles from "../inbox/Messages.module.css";
import { EMPTY, entries } from "../inbox/thread";
import { Chip } from "../shared/Chip";
import { Icon } from "../shared/Icon";
import panes from "../shared/ListAndDetail.module.css";
import { Failed, Loading } from "../shared/States";
import { dateOnly, dayLabel } from "../shared/time";
import { useNow } from "../shared/useNow";
import { humanise } from "../shared/words";
import { transcriptQuery } from "./queries";
import styles from "./Transcripts.module.css";

interface ReaderProps {
  id: string;
  filters: TranscriptFilters;
}

export function TranscriptReader({ id, filters }: ReaderProps) {
  const now = useNow();
  const navigate = useNavigate();
  const query = useInfiniteQuery(transcriptQuery(id));
  const first = query.data?.pages[0];
  if (!first) {
    return query.error ? (
      <Failed what="The transcript could not be opened." error={query.error} retry={() => void query.refetch()} />
    ) : (
      <Loading rows={6} height={56} />
    );
  }
  const { conversation, csat_score: score, csat_comment: comment } = first;
  const messages = query.data?.pages.flatMap((page) => page.messages) ?? [];
  const name = conversation.customer?.name ?? null;
  const forms = formsIn(messages);
  return (
    <>
      <header className={styles.head}>
        <ActionIcon
          className={panes.back}
          size="lg"
          aria-label="Back to the list"
          onClick={() => void navigate({ to: "/transcripts", search: filters })}
        >
          <Icon name="back" size={20} />
        </ActionIcon>
        <div className={panes.grow}>
          <h1 className="cut">
            <bdi>{name ?? "Visitor"}</bdi>
          </h1>
          <p>
            {dateOnly(new Date(conversation.created_at))} · {humanise(conversation.status).toLowerCase()}
            {conversation.handoff_reason ? ` · handed over: ${humanise(conversation.handoff_reason).toLowerCase()}` : ""}
          </p>
        </div>
        {score !== null && (
          <Chip tone={score >= 4 ? "good" : score <= 2 ? "bad" : "neutral"} {...(comment ? { hint: comment } : {})}>
            {`rated ${score} of 5`}
          </Chip>
        )}
        <Anchor
          renderRoot={(props) => (
            <Link
              to="/inbox/$view/$conversationId"
              params={{ view: conversation.status === "resolved" ? "resolved" : "open", conversationId: id }}
              {...props}
            />
          )}
        >
          Open in the inbox
        </Anchor>
      </header>
      <div className={styles.scroll} tabIndex={0}>
        <ol className={styles.messages}>
          {entries({ ...EMPTY, messages }).map((entry) =>
            entry.kind === "day" ? (
              <li key={entry.key} className={messageStyles.day}>
                {dayLabel(entry.at, now)}
              </li>
            ) : entry.kind === "message" ? (
              <li key={entry.key}>
                <MessageView
                  conversationId={id}
                  message={entry.message}
                  customerName={name}
                  continues={entry.continues}
                  asked={forms.asked.get(entry.message.id)}
                  answers={forms.answers.get(entry.message.id)}
                />
              </li>
            ) : null,
          )}
          {query.hasNextPage && (
            <li>
              <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Show more
              </Button>
            </li>
          )}
        </ol>
      </div>
    </>
  );
}
