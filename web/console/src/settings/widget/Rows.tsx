import { ActionIcon, Button } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Icon } from "../../shared/Icon";
import styles from "./Rows.module.css";

interface RowsProps<Row extends { key: string }> {
  /** What one is called: "greeting". */
  what: string;
  rows: readonly Row[];
  most: number;
  make: () => Row;
  change: (rows: Row[]) => void;
  nameOf: (row: Row, at: number) => string;
  /** Beside the name of a row that can be folded; rows without it stand open in a line. */
  about?: (row: Row, at: number) => ReactNode;
  isWrong?: (at: number) => boolean;
  error?: string | undefined;
  /** Whether their order says nothing. */
  unordered?: boolean;
  children: (row: Row, edit: (values: Partial<Row>) => void, at: number) => ReactNode;
}

/** A list that is added to, put in order and taken from; the keyboard stays where it was. */
export function Rows<Row extends { key: string }>(props: RowsProps<Row>) {
  const { what, rows, most, make, change, nameOf, about, isWrong, error, unordered, children } = props;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [said, setSaid] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const adder = useRef<HTMLButtonElement>(null);
  const focus = useRef<string | null>(null);

  // Once what was changed is drawn: a row that moves takes the focus along, one that goes leaves it to the button.
  useEffect(() => {
    const wanted = focus.current;
    focus.current = null;
    if (wanted === "add") adder.current?.focus();
    else if (wanted) list.current?.querySelector<HTMLElement>(wanted)?.focus();
  });

  // A row that was opened because something in it was wrong stays open when that is mended.
  const wrongKeys = rows.filter((row, at) => isWrong?.(at) && !open.has(row.key)).map(({ key }) => key);
  useEffect(() => {
    if (wrongKeys.length > 0) setOpen((before) => new Set([...before, ...wrongKeys]));
  }, [wrongKeys.join(" ")]);

  function toggle(key: string, isOpen: boolean) {
    setOpen((before) => {
      const next = new Set(before);
      if (isOpen) next.add(key);
      else next.delete(key);
      return next;
    });
  }

  function add() {
    const row = make();
    toggle(row.key, true);
    focus.current = `[data-row="${row.key}"] [data-row-body] :is(input, textarea)`;
    change([...rows, row]);
  }

  function move(at: number, by: 1 | -1) {
    const next = [...rows];
    const [row] = next.splice(at, 1);
    const to = at + by;
    if (!row || to < 0 || to > next.length) return;
    next.splice(to, 0, row);
    focus.current = `[data-row="${row.key}"] [data-move="${by}"]`;
    setSaid(`${nameOf(row, at)}: place ${to + 1} of ${rows.length}`);
    change(next);
  }

  function remove(row: Row, at: number) {
    focus.current = "add";
    setSaid(`${nameOf(row, at)} removed`);
    change(rows.filter((other) => other.key !== row.key));
  }

  return (
    <div>
      <ol className={styles.rows} ref={list}>
        {rows.map((row, at) => {
          const name = nameOf(row, at);
          const wrong = isWrong?.(at) ?? false;
          const isOpen = !about || wrong || open.has(row.key);
          const edit = (values: Partial<Row>) =>
            change(rows.map((one) => (one.key === row.key ? { ...one, ...values } : one)));
          return (
            <li key={row.key} className={about ? styles.card : styles.line} data-row={row.key}>
              {about && (
                <button
                  type="button"
                  className={styles.toggle}
                  aria-expanded={isOpen}
                  onClick={() => toggle(row.key, !isOpen)}
                >
                  <Icon name={isOpen ? "down" : "right"} />
                  <span className={styles.name}>
                    <bdi>{name}</bdi>
                  </span>
                  <span className={styles.about}>{about(row, at)}</span>
                </button>
              )}
              <Moves
                name={name}
                ends={unordered ? null : { first: at === 0, last: at === rows.length - 1 }}
                move={(by) => move(at, by)}
                remove={() => remove(row, at)}
              />
              {isOpen && (
                <div className={styles.body} data-row-body>
                  {children(row, edit, at)}
                </div>
              )}
            </li>
          );
        })}
      </ol>
      {error && (
        <p className={styles.problem} role="alert">
          {error}
        </p>
      )}
      <Button
        ref={adder}
        variant="default"
        leftSection={<Icon name="plus" />}
        disabled={rows.length >= most}
        onClick={add}
      >
        {`Add a ${what}`}
      </Button>
      <p className="sr-only" role="status">
        {said}
      </p>
    </div>
  );
}

interface MovesProps {
  name: string;
  ends: { first: boolean; last: boolean } | null;
  move: (by: 1 | -1) => void;
  remove: () => void;
}

function Moves({ name, ends, move, remove }: MovesProps) {
  // What cannot be pressed at an end keeps the focus: disabled, it would fall out of the page.
  const off = (isOff: boolean) => (isOff ? { "aria-disabled": true, "data-disabled": true } : {});
  return (
    <span className={styles.moves}>
      {ends && (
        <>
          <ActionIcon
            size={30}
            data-move="-1"
            aria-label={`${name} one place up`}
            {...off(ends.first)}
            onClick={() => move(-1)}
          >
            <Icon name="up" />
          </ActionIcon>
          <ActionIcon
            size={30}
            data-move="1"
            aria-label={`${name} one place down`}
            {...off(ends.last)}
            onClick={() => move(1)}
          >
            <Icon name="down" />
          </ActionIcon>
        </>
      )}
      <ActionIcon size={30} aria-label={`Remove ${name}`} onClick={remove}>
        <Icon name="close" />
      </ActionIcon>
    </span>
  );
}
