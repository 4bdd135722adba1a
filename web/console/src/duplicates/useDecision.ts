import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { createElement } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { DuplicateList, DuplicateView } from "../api/types";
import { UndoMessage } from "../inbox/UndoMessage";

export type Decision = { is: "same"; keep: string } | { is: "different" };

interface Made {
  pair: DuplicateView;
  decision: Decision;
}

async function send({ pair, decision }: Made): Promise<() => Promise<unknown>> {
  const params = { path: { pair_id: pair.id } };
  if (decision.is === "different") {
    await unwrap(api.POST("/api/v1/duplicates/{pair_id}/reject", { params }));
    return () => unwrap(api.POST("/api/v1/duplicates/{pair_id}/reopen", { params }));
  }
  const body = { keep: decision.keep };
  const merge = await unwrap(api.POST("/api/v1/duplicates/{pair_id}/merge", { params, body }));
  return () => undoMerge(merge.id);
}

function undoMerge(id: string) {
  return unwrap(api.POST("/api/v1/merges/{merge_id}/undo", { params: { path: { merge_id: id } } }));
}

/** Say whether two records are one person: gone from the list at once, back with the reason if refused. */
export function useDecision() {
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: keys.allDuplicates });

  return useMutation({
    mutationFn: send,
    onMutate: async ({ pair }: Made) => {
      const queryKey = keys.duplicates("open");
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData<InfiniteData<DuplicateList>>(queryKey);
      client.setQueryData<InfiniteData<DuplicateList>>(queryKey, (data) =>
        data && {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            items: page.items.filter((item) => item.id !== pair.id),
          })),
        },
      );
      return { before };
    },
    onSuccess: (undo, { decision }) => {
      offerUndo(decision.is === "same" ? "Merged." : "Kept apart.", undo, renew);
    },
    onError: (error, _made, context) => {
      if (context?.before) client.setQueryData(keys.duplicates("open"), context.before);
      notifications.show({ color: "red", title: "That could not be saved", message: reasonOf(error) });
    },
    onSettled: renew,
  });
}

/** Take a merge back that was made at some time. */
export function useUndoMerge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: undoMerge,
    onSuccess: () => notifications.show({ message: "Undone. They are two customers again, and stay apart." }),
    onError: (error) =>
      notifications.show({ color: "red", title: "The merge was not undone", message: reasonOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.allDuplicates }),
  });
}

function offerUndo(text: string, undo: () => Promise<unknown>, renew: () => Promise<void>): void {
  const id = `undo-${Date.now()}`;
  notifications.show({
    id,
    message: createElement(UndoMessage, {
      text,
      undo: () => {
        notifications.hide(id);
        undo()
          .catch((error: unknown) =>
            notifications.show({ color: "red", title: "It was not undone", message: reasonOf(error) }),
          )
          .finally(() => void renew());
      },
    }),
    autoClose: 8_000,
  });
}
