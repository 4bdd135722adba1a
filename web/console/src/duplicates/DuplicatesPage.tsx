import { SegmentedControl } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { PairStatus } from "../api/types";
import { useMe } from "../auth/session";
import { Empty } from "../shared/States";
import { useShortcuts } from "../shell/shortcuts";
import styles from "./Duplicates.module.css";
import { filtersOf } from "./filters";
import { PairList } from "./PairList";
import { PairPane } from "./PairPane";
import { duplicatesQuery, waitingQuery } from "./queries";

const STATUSES: { value: PairStatus; label: string }[] = [
  { value: "open", label: "To decide" },
  { value: "merged", label: "Merged" },
  { value: "rejected", label: "Kept apart" },
];

export function DuplicatesPage() {
  const me = useMe();
  if (me.role !== "admin") {
    return (
      <Empty title="Duplicates are for admins" icon="lock">
        Whether two customers are one person is decided by somebody who may merge records.
      </Empty>
    );
  }
  return <Duplicates />;
}

function Duplicates() {
  const { status = "open" } = useSearch({ from: "/in/duplicates" });
  const { pairId } = useParams({ strict: false });
  const navigate = useNavigate();
  const waiting = useQuery(waitingQuery);
  const query = useInfiniteQuery(duplicatesQuery(status));
  const pairs = query.data?.pages.flatMap((page) => page.items) ?? [];
  const search = filtersOf(status);

  function open(id: string | undefined): void {
    void (id
      ? navigate({ to: "/duplicates/$pairId", params: { pairId: id }, search })
      : navigate({ to: "/duplicates", search }));
  }

  function step(by: number): void {
    const at = pairs.findIndex((pair) => pair.id === pairId);
    open(pairs[at === -1 ? 0 : Math.min(pairs.length - 1, Math.max(0, at + by))]?.id);
  }

  /** The pair after this one, or the one before at the end. */
  function openNext(id: string): void {
    const at = pairs.findIndex((pair) => pair.id === id);
    open((pairs[at + 1] ?? pairs[at - 1])?.id);
  }

  useShortcuts([
    { keys: "j", run: () => step(1) },
    { keys: "k", run: () => step(-1) },
  ]);

  return (
    <div className={styles.page} data-open={pairId !== undefined}>
      <section className={`${styles.pane} ${styles.found}`} aria-label="Pairs">
        <div className={styles.filters}>
          <h1>
            Duplicates
            {waiting.data && <span className={styles.count}>{waiting.data.open} to decide</span>}
          </h1>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label="Which pairs"
            data={STATUSES}
            value={status}
            onChange={(value) =>
              void navigate({ to: "/duplicates", search: filtersOf(value as PairStatus) })
            }
          />
        </div>
        <PairList query={query} pairs={pairs} status={status} openId={pairId} />
      </section>
      <section className={`${styles.pane} ${styles.read}`} aria-label="The two records">
        {pairId ? (
          <PairPane
            key={pairId}
            id={pairId}
            known={pairs.find((pair) => pair.id === pairId)}
            close={() => open(undefined)}
            decided={() => openNext(pairId)}
          />
        ) : (
          <Empty title="Choose a pair" icon="people">
            Both records open here side by side, with what speaks for one person and what against.
          </Empty>
        )}
      </section>
    </div>
  );
}
