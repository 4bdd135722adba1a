import { Button, SegmentedControl, Textarea } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import type { ConversationDetail } from "../api/types";
import { useMe } from "../auth/session";
import { useLive } from "../live/Live";
import { ReplyList } from "../replies/ReplyList";
import { useReplies } from "../replies/useReplies";
import { Icon } from "../shared/Icon";
import { useShortcuts } from "../shell/shortcuts";
import styles from "./Composer.module.css";
import { draftOf, keepDraft } from "./drafts";
import { useSend } from "./queries";
import { type Act, useActions } from "./useActions";

const MAX_CHARS = 4_000;

interface Blocked {
  reason: string;
  act: Act;
  label: string;
}

/** Why the caller may not answer now, and what would change that. */
export function blockedBy(conversation: ConversationDetail, myId: string): Blocked | null {
  const { owner, status } = conversation;
  if (status === "resolved") {
    return { reason: "This conversation is resolved.", act: "reopen", label: "Reopen" };
  }
  if (owner.kind === "bot") {
    return { reason: "The bot is answering. Claim to take over.", act: "claim", label: "Claim" };
  }
  if (owner.kind === "queue") {
    return { reason: "Nobody answers yet. Claim to reply.", act: "claim", label: "Claim" };
  }
  if (owner.user?.id !== myId) {
    return {
      reason: `${owner.user?.name ?? "A colleague"} is answering.`,
      act: "claim",
      label: "Take over",
    };
  }
  return null;
}

export function Composer({ conversation }: { conversation: ConversationDetail }) {
  const me = useMe();
  const { id } = conversation;
  const { typing } = useLive();
  const { send } = useSend(id);
  const actions = useActions(id);
  const [text, setText] = useState(() => draftOf(id));
  const [mode, setMode] = useState<"reply" | "note">("reply");
  const field = useRef<HTMLTextAreaElement>(null);
  const isNote = mode === "note";
  const blocked = isNote ? null : blockedBy(conversation, me.id);
  const replies = useReplies(text, write, { conversation_id: id });
  const trimmed = text.trim();
  const tooLong = trimmed.length > MAX_CHARS;

  function write(next: string) {
    setText(next);
    keepDraft(id, next);
  }

  function submit() {
    if (!trimmed || tooLong || blocked) return;
    send(trimmed, isNote);
    write("");
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (replies.onKey(event)) return;
    if (event.key === "Escape") event.currentTarget.blur();
    // While an input method composes, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  }

  function focusIn(next: "reply" | "note") {
    setMode(next);
    // After the field has been drawn.
    setTimeout(() => field.current?.focus(), 0);
  }

  useShortcuts([
    { keys: "r", run: () => focusIn("reply") },
    { keys: "n", run: () => focusIn("note") },
  ]);

  return (
    <div className={styles.composer} data-note={isNote}>
      <div className={styles.head}>
        <SegmentedControl
          size="xs"
          value={mode}
          onChange={(value) => setMode(value === "note" ? "note" : "reply")}
          data={[
            { value: "reply", label: "Reply" },
            { value: "note", label: "Private note" },
          ]}
          aria-label="What to write"
        />
        <span className={styles.hint}>
          {isNote ? "Only colleagues see notes" : "Enter sends, Shift Enter starts a line"}
        </span>
      </div>
      {blocked ? (
        <div className={styles.blocked}>
          {blocked.reason}
          <Button variant="default" loading={actions.isPending} onClick={() => actions.mutate(blocked.act)}>
            {blocked.label}
          </Button>
        </div>
      ) : (
        <>
          <ReplyList replies={replies} />
          <div className={styles.row}>
            <Textarea
              ref={field}
              autosize
              minRows={2}
              maxRows={8}
              dir="auto"
              value={text}
              placeholder={isNote ? "A note for colleagues" : "Write to the customer; / for canned replies"}
              aria-controls={replies.found.length > 0 ? replies.id : undefined}
              aria-activedescendant={replies.found.length > 0 ? `${replies.id}-${replies.at}` : undefined}
              aria-label={isNote ? "Private note" : "Reply to the customer"}
              error={
                tooLong
                  ? `At most ${MAX_CHARS.toLocaleString()} characters; this has ${trimmed.length.toLocaleString()}.`
                  : undefined
              }
              onChange={(event) => {
                write(event.currentTarget.value);
                if (!isNote) typing(id);
              }}
              onKeyDown={onKeyDown}
            />
            <Button
              size="sm"
              onClick={submit}
              disabled={!trimmed || tooLong}
              leftSection={<Icon name={isNote ? "lock" : "send"} />}
            >
              {isNote ? "Add note" : "Send"}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
