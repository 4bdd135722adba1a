import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { BoardView, LostReason, OpportunityView } from "../api/types";
import { moved, replaced } from "./board";

export interface Moving {
  card: OpportunityView;
  stageId: string;
  lostReason?: LostReason;
  note?: string;
}

/** Move an opportunity: shown at once on every board, taken back with the reason if refused. */
export function useMove() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ card, stageId, lostReason, note }: Moving) =>
      unwrap(
        api.POST("/api/v1/opportunities/{opportunity_id}/move", {
          params: { path: { opportunity_id: card.id } },
          body: {
            version: card.version,
            stage_id: stageId,
            ...(lostReason ? { lost_reason: lostReason } : {}),
            ...(note ? { note } : {}),
          },
        }),
      ),
    onMutate: async ({ card, stageId }) => {
      await client.cancelQueries({ queryKey: keys.boards });
      const before = client.getQueriesData<BoardView>({ queryKey: keys.boards });
      const now = new Date().toISOString();
      client.setQueriesData<BoardView>({ queryKey: keys.boards }, (board) => board && moved(board, card.id, stageId, now));
      return { before };
    },
    onSuccess: (detail) => {
      client.setQueryData(keys.opportunity(detail.id), detail);
      client.setQueriesData<BoardView>({ queryKey: keys.boards }, (board) => board && replaced(board, detail));
      void client.invalidateQueries({ queryKey: keys.salesReports });
    },
    onError: (error, { card }, context) => {
      for (const [key, board] of context?.before ?? []) client.setQueryData(key, board);
      notifications.show({ color: "red", title: `${card.name} could not be moved`, message: reasonOf(error) });
      void client.invalidateQueries({ queryKey: keys.opportunity(card.id) });
      void client.invalidateQueries({ queryKey: keys.boards });
    },
  });
}
