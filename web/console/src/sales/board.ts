/** A board as it will look after a move, shown before the store has answered. */
import type { BoardColumn, BoardView, OpportunityView } from "../api/types";

/** Where a card is now. */
export function find(board: BoardView, id: string): { column: BoardColumn; card: OpportunityView } | null {
  for (const column of board.columns) {
    const card = column.items.find((item) => item.id === id);
    if (card) return { column, card };
  }
  return null;
}

/** The board with the card in another stage, on top, and all sums as they will be. */
export function moved(board: BoardView, id: string, stageId: string, now: string): BoardView {
  const from = find(board, id);
  const to = board.columns.find((column) => column.stage.id === stageId);
  if (!from || !to || from.column === to) return board;
  const card: OpportunityView = {
    ...from.card,
    stage_id: stageId,
    stage_since: now,
    status: to.stage.kind,
    probability: to.stage.probability,
    own_probability: null,
    closed_at: to.stage.kind === "open" ? null : now,
  };
  return {
    ...board,
    columns: board.columns.map((column) => {
      if (column === from.column) return changed(column, from.card, -1, board.pipeline.currency);
      if (column === to) return changed(column, card, 1, board.pipeline.currency);
      return column;
    }),
  };
}

/** The board with the store's own version of a card. */
export function replaced(board: BoardView, card: OpportunityView): BoardView {
  return {
    ...board,
    columns: board.columns.map((column) => ({
      ...column,
      items: column.items.map((item) => (item.id === card.id ? card : item)),
    })),
  };
}

function changed(column: BoardColumn, card: OpportunityView, by: 1 | -1, currency: string): BoardColumn {
  const counted = card.currency === currency;
  const items = column.items.filter((item) => item.id !== card.id);
  return {
    ...column,
    count: column.count + by,
    amount_minor: column.amount_minor + (counted ? by * card.amount_minor : 0),
    weighted_minor: column.weighted_minor + (counted ? by * Math.round((card.amount_minor * card.probability) / 100) : 0),
    in_other_currencies: column.in_other_currencies + (counted ? 0 : by),
    items: by === 1 ? [card, ...items] : items,
  };
}
