import { useState } from "react";
import type { BoardView, OpportunityView } from "../api/types";
import { BoardColumn } from "./BoardColumn";
import { LostDialog } from "./LostDialog";
import { useMove } from "./useMove";
import styles from "./Board.module.css";

/** A column for each stage; cards move by mouse, by their menu, or with Shift and the arrows. */
export function Board({ board, filtered }: { board: BoardView; filtered: boolean }) {
  const move = useMove();
  const [dragged, setDragged] = useState<OpportunityView | null>(null);
  const [losing, setLosing] = useState<OpportunityView | null>(null);
  const [said, setSaid] = useState("");
  const stages = board.columns.map((column) => column.stage);
  const lost = stages.find((stage) => stage.kind === "lost");

  const to = (card: OpportunityView, stageId: string) => {
    if (card.stage_id === stageId) return;
    if (stageId === lost?.id) {
      setLosing(card);
      return;
    }
    move.mutate({ card, stageId });
    setSaid(`${card.name} moved to ${stages.find((stage) => stage.id === stageId)?.name ?? ""}`);
  };
  return (
    <>
      <div className={styles.board} role="group" aria-label="Stages" tabIndex={0}>
        {board.columns.map((column) => (
          <BoardColumn
            key={column.stage.id}
            column={column}
            stages={stages}
            currency={board.pipeline.currency}
            filtered={filtered}
            dragged={dragged}
            setDragged={setDragged}
            move={to}
          />
        ))}
      </div>
      <p className="sr-only" role="status">
        {said}
      </p>
      <LostDialog
        key={losing?.id ?? "none"}
        card={losing}
        close={() => setLosing(null)}
        lose={(lostReason, note) => {
          if (losing && lost) move.mutate({ card: losing, stageId: lost.id, lostReason, note });
          setLosing(null);
        }}
      />
    </>
  );
}
