import { Button, SegmentedControl, Textarea } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import type { ConversationDetail, FormChoice } from "../api/types";
import { useMe } from "../auth/session";
import { useLive } from "../live/Live";
import { ReplyList } from "../replies/ReplyList";
import { useReplies } from "../replies/useReplies";
import { Icon } from "../shared/Icon";
import { useShortcuts } from "../shell/shortcuts";
import styles from "./Composer.module.css";
import { draftOf, keepDraft } from "./drafts";
import { FormPicker, PickedForm } from "./FormPicker";
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
  const [form, setForm] = useState<FormChoice | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const isNote = mode === "note";
  const blocked = isNote ? null : blockedBy(conversation, me.id);
  const replies = useReplies(text, write, { conversation_id: id });
  const trimmed = text.trim();
  const tooLong = trimmed.length > MAX_CHARS;
  const canSend = (trimmed !== "" || (form !== null && !isNote)) && !tooLong && !blocked;

  const placeholder = isNote
    ? "A note for colleagues"
    : form
      ? "What goes with the form, if anything"
      : "Write to the customer; / for canned replies";

  function write(next: string) {
    setText(next);
    keepDraft(id, next);
  }

  function submit() {
    if (!canSend) return;
    send(trimmed, isNote, isNote ? null : form);
    write("");
    if (!isNote) setForm(null);
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
        {!isNote && !blocked && conversation.forms.length > 0 && (
          <FormPicker
            forms={conversation.forms}
            pick={(chosen) => {
              setForm(chosen);
              focusIn("reply");
            }}
          />
        )}
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
          {form && !isNote && (
            <PickedForm
              form={form}
              drop={() => {
                setForm(null);
                focusIn("reply");
              }}
            />
          )}
          <div className={styles.row}>
            <Textarea
              ref={field}
              autosize
              minRows={2}
              maxRows={8}
              dir="auto"
              value={text}
              placeholder={placeholder}
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
              disabled={!canSend}
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
