import { ActionIcon, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { DuplicateView } from "../api/types";
import { Icon } from "../shared/Icon";
import { Failed, Loading } from "../shared/States";
import { useShortcuts } from "../shell/shortcuts";
import { percent } from "./compare";
import styles from "./Duplicates.module.css";
import { duplicateQuery } from "./queries";
import { Reasons } from "./Reasons";
import { SideBySide } from "./SideBySide";
import { useDecision, useUndoMerge } from "./useDecision";

interface PaneProps {
  id: string;
  /** The pair as the list has it, while it does. */
  known: DuplicateView | undefined;
  close: () => void;
  decided: () => void;
}

export function PairPane({ id, known, close, decided }: PaneProps) {
  const query = useQuery({ ...duplicateQuery(id), enabled: known === undefined });
  const pair = known ?? query.data;
  if (!pair) {
    return query.isError ? (
      <Failed what="The pair could not be opened." error={query.error} retry={() => void query.refetch()} />
    ) : (
      <Loading rows={6} />
    );
  }
  return <Pair pair={pair} close={close} decided={decided} />;
}

function Pair({ pair, close, decided }: { pair: DuplicateView; close: () => void; decided: () => void }) {
  const [keep, setKeep] = useState(pair.keep);
  const decision = useDecision();
  const undo = useUndoMerge();
  const isOpen = pair.status === "open";

  function decide(is: "same" | "different"): void {
    if (!isOpen || decision.isPending) return;
    decision.mutate({ pair, decision: is === "same" ? { is, keep } : { is } });
    decided();
  }
  useShortcuts([
    { keys: "m", run: () => decide("same") },
    { keys: "n", run: () => decide("different") },
  ]);

  return (
    <>
      <header className={styles.head}>
        <ActionIcon className={styles.back} variant="subtle" aria-label="Back to the list" onClick={close}>
          <Icon name="back" size={20} />
        </ActionIcon>
        <div className={styles.grow}>
          <h1>{TITLES[pair.status]}</h1>
          <p>{subtitle(pair)}</p>
        </div>
      </header>
      <div className={styles.scroll}>
        <SideBySide pair={pair} keep={keep} {...(isOpen ? { choose: setKeep } : {})} />
        <Reasons pair={pair} />
      </div>
      <footer className={styles.actions}>
        {isOpen && (
          <>
            <Button variant="default" onClick={() => decide("different")}>
              Not the same <kbd className={styles.key}>n</kbd>
            </Button>
            <Button onClick={() => decide("same")}>
              Merge <kbd className={styles.key}>m</kbd>
            </Button>
          </>
        )}
        {pair.status === "merged" && pair.merge_id && (
          <Button
            variant="default"
            leftSection={<Icon name="reopen" />}
            loading={undo.isPending}
            onClick={() => pair.merge_id && undo.mutate(pair.merge_id, { onSuccess: close })}
          >
            Undo the merge
          </Button>
        )}
      </footer>
    </>
  );
}

const TITLES: Record<DuplicateView["status"], string> = {
  open: "Are they one person?",
  merged: "Merged into one",
  rejected: "Two different people",
};

function subtitle(pair: DuplicateView): string {
  if (pair.status === "merged") return "The record that went points to the one that stayed.";
  if (pair.status === "rejected") return "They are not asked about again.";
  return `${percent(pair.score)} likely, by what was compared below.`;
}
