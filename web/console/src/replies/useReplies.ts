import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useState } from "react";
import { reasonOf } from "../api/problems";
import type { CannedReply } from "../api/types";
import { lookedFor, matching } from "./match";
import { fillReply, repliesQuery, type ReplyFor } from "./queries";

export interface Replies {
  id: string;
  found: CannedReply[];
  at: number;
  pick: (reply: CannedReply) => void;
  /** Whether the key was for the list of replies. */
  onKey: (event: KeyboardEvent) => boolean;
}

/** Canned replies by "/" at the beginning of a text. */
export function useReplies(text: string, write: (next: string) => void, target: ReplyFor): Replies {
  const id = useId();
  const word = lookedFor(text);
  const [closed, setClosed] = useState<string | null>(null);
  const [chosen, setChosen] = useState(0);
  const open = word !== null && text !== closed;
  const { data } = useQuery({ ...repliesQuery, enabled: word !== null });
  const found = open ? matching(data?.items ?? [], word) : [];
  const at = Math.min(chosen, Math.max(0, found.length - 1));

  function pick(reply: CannedReply) {
    fillReply(reply.id, target).then(
      (filled) => {
        write(filled.text);
        if (filled.missing.length > 0) {
          notifications.show({
            title: "Fill in what is not known",
            message: filled.missing.join(", "),
          });
        }
      },
      (error: unknown) =>
        notifications.show({ color: "red", title: "The reply could not be used", message: reasonOf(error) }),
    );
  }

  function onKey(event: KeyboardEvent): boolean {
    const reply = found[at];
    if (!reply || event.nativeEvent.isComposing) return false;
    if (event.key === "ArrowDown") setChosen((at + 1) % found.length);
    else if (event.key === "ArrowUp") setChosen((at + found.length - 1) % found.length);
    else if (event.key === "Escape") setClosed(text);
    else if (event.key === "Enter" || event.key === "Tab") pick(reply);
    else return false;
    event.preventDefault();
    return true;
  }
  return { id, found, at, pick, onKey };
}
