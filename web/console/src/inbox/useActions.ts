import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createElement } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { ConversationDetail, ConversationView, Staff } from "../api/types";
import { useMe } from "../auth/session";
import { UndoMessage } from "./UndoMessage";
import { receiveRow } from "./cache";

export type Act = "claim" | "to-bot" | "to-queue" | "resolve" | "reopen";

const FAILED: Record<Act, string> = {
  claim: "You could not claim this conversation",
  "to-bot": "It could not be handed to the bot",
  "to-queue": "It could not be put into the queue",
  resolve: "It could not be resolved",
  reopen: "It could not be reopened",
};

/** How the row will look, shown before the store has answered. */
export function foresee<T extends ConversationView>(row: T, act: Act, me: Staff): T {
  const mine = { kind: "agent" as const, user: { id: me.id, name: me.name } };
  switch (act) {
    case "claim":
      return { ...row, owner: mine, queued_at: null };
    case "to-bot":
      return { ...row, owner: { kind: "bot" as const, user: null }, queued_at: null };
    case "to-queue":
      return { ...row, owner: { kind: "queue" as const, user: null }, queued_at: new Date().toISOString() };
    case "resolve":
      return {
        ...row,
        status: "resolved" as const,
        owner: { kind: "bot" as const, user: null },
        queued_at: null,
      };
    case "reopen":
      return { ...row, status: "open" as const, owner: mine };
  }
}

function request(id: string, act: Act): Promise<ConversationDetail> {
  const params = { path: { conversation_id: id } };
  switch (act) {
    case "claim":
      return unwrap(api.POST("/api/v1/conversations/{conversation_id}/claim", { params }));
    case "to-bot":
      return unwrap(api.POST("/api/v1/conversations/{conversation_id}/release", { params, body: { to: "bot" } }));
    case "to-queue":
      return unwrap(api.POST("/api/v1/conversations/{conversation_id}/release", { params, body: { to: "queue" } }));
    case "resolve":
      return unwrap(api.POST("/api/v1/conversations/{conversation_id}/resolve", { params }));
    case "reopen":
      return unwrap(api.POST("/api/v1/conversations/{conversation_id}/reopen", { params }));
  }
}

/** Change who owns a conversation or its state: shown at once, taken back with the reason if refused. */
export function useActions(id: string) {
  const client = useQueryClient();
  const me = useMe();

  function accept(detail: ConversationDetail): void {
    client.setQueryData(keys.conversation(id), detail);
    // The socket says the same; without one the lists still follow.
    receiveRow(client, detail, me.id);
  }

  function refuse(error: unknown, act: Act): void {
    notifications.show({ color: "red", title: FAILED[act], message: reasonOf(error) });
    void client.invalidateQueries({ queryKey: keys.conversation(id) });
  }

  return useMutation({
    mutationFn: (act: Act) => request(id, act),
    onMutate: async (act) => {
      await client.cancelQueries({ queryKey: keys.conversation(id) });
      const before = client.getQueryData<ConversationDetail>(keys.conversation(id));
      if (before) client.setQueryData(keys.conversation(id), foresee(before, act, me));
      return { before };
    },
    onSuccess: (detail, act) => {
      accept(detail);
      if (act !== "resolve") return;
      offerUndo(() => {
        request(id, "reopen").then(accept, (error: unknown) => refuse(error, "reopen"));
      });
    },
    onError: (error, act, context) => {
      if (context?.before) client.setQueryData(keys.conversation(id), context.before);
      refuse(error, act);
    },
  });
}

function offerUndo(undo: () => void): void {
  const noticeId = `undo-${Date.now()}`;
  notifications.show({
    id: noticeId,
    message: createElement(UndoMessage, {
      text: "Resolved.",
      undo: () => {
        notifications.hide(noticeId);
        undo();
      },
    }),
    autoClose: 8_000,
  });
}
