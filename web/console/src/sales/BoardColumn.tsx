import { Tooltip } from "@mantine/core";
import { useState } from "react";
import type { BoardColumn as Column, OpportunityView, StageView } from "../api/types";
import { count } from "../shared/numbers";
import { aboutMoney, wholeMoney } from "./money";
import { OpportunityCard } from "./OpportunityCard";
import styles from "./Board.module.css";

interface ColumnProps {
  column: Column;
  stages: StageView[];
  currency: string;
  filtered: boolean;
  dragged: OpportunityView | null;
  setDragged: (card: OpportunityView | null) => void;
  move: (card: OpportunityView, stageId: string) => void;
}

export function BoardColumn({ column, stages, currency, filtered, dragged, setDragged, move }: ColumnProps) {
  const [over, setOver] = useState(false);
  const { stage } = column;
  const mayDrop = dragged !== null && dragged.stage_id !== stage.id;
  const more = column.count - column.items.length;
  return (
    <section
      className={styles.column}
      aria-label={stage.name}
      data-kind={stage.kind}
      data-over={over && mayDrop}
      onDragOver={(event) => {
        if (!mayDrop) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (dragged) move(dragged, stage.id);
        setDragged(null);
      }}
    >
      <header className={styles.columnHead}>
        <h2>
          <span className="cut">{stage.name}</span>
          <span className={styles.number}>{count(column.count)}</span>
        </h2>
        <p className="figures">
          <Tooltip label={column.in_other_currencies ? `${column.in_other_currencies} in other currencies left out` : "All of them together"}>
            <b>{wholeMoney(column.amount_minor, currency)}</b>
          </Tooltip>
          {stage.kind === "open" && (
            <Tooltip label={`Weighted by probability, usually ${stage.probability} % in this stage`}>
              <span>{aboutMoney(column.weighted_minor, currency)} likely</span>
            </Tooltip>
          )}
          {stage.kind !== "open" && <span>last 30 days</span>}
        </p>
      </header>
      <ul className={styles.cards}>
        {column.items.map((card) => (
          <li key={card.id}>
            <OpportunityCard card={card} stages={stages} move={move} setDragged={setDragged} />
          </li>
        ))}
        {column.items.length === 0 && (
          <li className={styles.nothing}>{filtered ? "Nothing that matches" : "Nothing here"}</li>
        )}
        {more > 0 && <li className={styles.nothing}>and {count(more)} more; search to find them</li>}
      </ul>
    </section>
  );
}
