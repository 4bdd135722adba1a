import { Button, Table } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Empty, Failed, Loading } from "../shared/States";
import { type Cell, download, toCsv } from "./csv";
import styles from "./Insights.module.css";

interface ChartCardProps {
  /** The question that the chart answers. */
  title: string;
  /** The base of its numbers. */
  note?: string;
  head: readonly string[];
  rows: readonly (readonly Cell[])[] | undefined;
  error: unknown;
  retry: () => void;
  empty: string;
  fileName: string;
  wide?: boolean;
  /** Beside two others. */
  tall?: boolean;
  /** The chart; without one the table is all there is. */
  children?: ReactNode;
}

/** A question, its chart, and the same numbers as a table and as CSV one click away. */
export function ChartCard(props: ChartCardProps) {
  const { title, note, head, rows, error, retry, empty, fileName, children } = props;
  const [asTable, setAsTable] = useState(children === undefined);
  const shape = props.wide ? styles.wide : props.tall ? styles.tall : "";
  const hasRows = rows !== undefined && rows.length > 0;
  return (
    <section className={`${styles.card} ${shape}`} aria-label={title}>
      <div className={styles.cardHead}>
        <div>
          <h2>{title}</h2>
          {note && <p>{note}</p>}
        </div>
        {hasRows && (
          <div className={styles.tools}>
            {children !== undefined && (
              <Button variant="subtle" size="compact-xs" onClick={() => setAsTable(!asTable)}>
                {asTable ? "Chart" : "Table"}
              </Button>
            )}
            <Button
              variant="subtle"
              size="compact-xs"
              onClick={() => download(`${fileName}.csv`, toCsv(head, rows))}
            >
              CSV
            </Button>
          </div>
        )}
      </div>
      {rows === undefined ? (
        error ? (
          <Failed what="This could not be counted." error={error} retry={retry} />
        ) : (
          <Loading rows={4} height={44} />
        )
      ) : !hasRows ? (
        <Empty title="Nothing to count yet">{empty}</Empty>
      ) : asTable ? (
        <Numbers title={title} head={head} rows={rows} />
      ) : (
        children
      )}
    </section>
  );
}

interface NumbersProps {
  title: string;
  head: readonly string[];
  rows: readonly (readonly Cell[])[];
}

function Numbers({ title, head, rows }: NumbersProps) {
  const fractions = head.map((_, column) => rows.some((row) => hasFraction(row[column])));
  const aligned = head.map((_, column) => (rows.every((row) => isFigure(row[column])) ? "right" : "left"));
  return (
    <div className={styles.table} tabIndex={0} role="group" aria-label={`${title} The numbers`}>
      <Table verticalSpacing={5} horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            {head.map((name, column) => (
              <Table.Th key={name} ta={aligned[column] ?? "left"}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={String(row[0])}>
              {row.map((value, column) => (
                <Table.Td key={head[column]} ta={aligned[column] ?? "left"} className="figures">
                  {value === null ? "–" : typeof value === "number" ? figure(value, fractions[column]) : value}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** Numbers, amounts and shares stand below each other; days and words begin on the left. */
function isFigure(value: Cell | undefined): boolean {
  return typeof value !== "string" || /^[^\p{L}]*\d[\d.,\s]*[^\p{L}\d-]*$/u.test(value);
}

function hasFraction(value: Cell | undefined): boolean {
  return typeof value === "number" && !Number.isInteger(value);
}

/** With two decimals when any number of its column has some, so that they stand below each other. */
function figure(value: number, withFraction = false): string {
  const digits = withFraction ? 2 : 0;
  return value
    .toLocaleString(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replace("-", "−");
}
