/** The stages of a pipeline while they are edited. */
import type { StageDraft, StageView } from "../../api/types";

export interface Row {
  key: string;
  id: string | null;
  name: string;
  probability: string | number;
  kind: StageView["kind"];
}

export function rowsOf(stages: readonly StageView[]): Row[] {
  return stages.map(({ id, name, probability, kind }) => ({ key: id, id, name, probability, kind }));
}

/** The rows with one of them a place up (-1) or down (1); the ends stay last. */
export function shifted(rows: readonly Row[], key: string, by: 1 | -1): Row[] {
  const from = rows.findIndex((row) => row.key === key);
  const to = from + by;
  const moved = rows[from];
  const other = rows[to];
  if (moved?.kind !== "open" || other?.kind !== "open") return [...rows];
  const next = [...rows];
  next[from] = other;
  next[to] = moved;
  return next;
}

/** The rows with a new stage after the last open one. */
export function added(rows: readonly Row[], key: string): Row[] {
  const open = rows.filter((row) => row.kind === "open");
  const probability = open.at(-1)?.probability ?? 10;
  return [
    ...open,
    { key, id: null, name: "", probability, kind: "open" },
    ...rows.filter((row) => row.kind !== "open"),
  ];
}

/** What is wrong with the rows, or null. */
export function problemOf(rows: readonly Row[]): string | null {
  const names = rows.map((row) => row.name.trim().toLowerCase());
  if (names.includes("")) return "Every stage needs a name";
  if (new Set(names).size < names.length) return "Every stage needs a name of its own";
  if (rows.some((row) => row.probability === "")) return "Every stage needs a probability";
  if (!rows.some((row) => row.kind === "open")) return "A pipeline needs at least one stage on the way";
  return null;
}

export function draftsOf(rows: readonly Row[]): StageDraft[] {
  return rows.map(({ id, name, probability, kind }) => ({
    ...(id ? { id } : {}),
    name: name.trim(),
    probability: Number(probability),
    kind,
  }));
}

export function isSame(rows: readonly Row[], stages: readonly StageView[]): boolean {
  return (
    rows.length === stages.length &&
    rows.every((row, index) => {
      const stage = stages[index];
      return (
        stage !== undefined &&
        row.id === stage.id &&
        row.name.trim() === stage.name &&
        Number(row.probability) === stage.probability
      );
    })
  );
}
