import { Button } from "@mantine/core";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { DuplicateView, PairStatus } from "../api/types";
import { Chip } from "../shared/Chip";
import { Empty, Failed, Loading } from "../shared/States";
import { percent, rowsOf } from "./compare";
import styles from "./Duplicates.module.css";
import { filtersOf } from "./filters";

interface ListProps {
  query: UseInfiniteQueryResult<unknown>;
  pairs: DuplicateView[];
  status: PairStatus;
  openId: string | undefined;
}

export function PairList({ query, pairs, status, openId }: ListProps) {
  if (query.isPending) return <Loading rows={6} height={60} />;
  if (query.isError && pairs.length === 0) {
    return (
      <Failed what="The pairs could not be loaded." error={query.error} retry={() => void query.refetch()} />
    );
  }
  if (pairs.length === 0) return <Nothing status={status} />;
  return (
    <div className={styles.scroll}>
      {pairs.map((pair) => (
        <PairRow key={pair.id} pair={pair} status={status} isOpen={pair.id === openId} />
      ))}
      {query.hasNextPage && (
        <Button
          variant="subtle"
          fullWidth
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </div>
  );
}

function PairRow({ pair, status, isOpen }: { pair: DuplicateView; status: PairStatus; isOpen: boolean }) {
  const differing = rowsOf(pair)
    .filter((row) => row.differs && row.label !== "Name")
    .map((row) => row.label.toLowerCase());
  return (
    <Link
      to="/duplicates/$pairId"
      params={{ pairId: pair.id }}
      search={filtersOf(status)}
      className={styles.row}
      data-open={isOpen}
      {...(isOpen ? { "aria-current": "true" as const } : {})}
    >
      <span className={styles.line}>
        <bdi className={`${styles.names} cut`}>{pair.first.name}</bdi>
        {status === "open" && (
          <Chip quiet tone={pair.certain ? "good" : "neutral"} hint="how likely they are one person">
            {percent(pair.score)}
          </Chip>
        )}
      </span>
      <bdi className={`${styles.names} cut`}>{pair.second.name}</bdi>
      <span className={`${styles.small} cut`}>
        {differing.length > 0 ? `differ in ${differing.join(", ")}` : "nothing differs"}
      </span>
    </Link>
  );
}

function Nothing({ status }: { status: PairStatus }) {
  if (status === "open") {
    return (
      <Empty title="No pair waits" icon="check">
        Customers who look like one person show here after an import, and after the weekly search.
      </Empty>
    );
  }
  return status === "merged" ? (
    <Empty title="Nothing was merged yet" icon="people">
      Merges can be undone here, however long ago they were.
    </Empty>
  ) : (
    <Empty title="No pair was kept apart yet" icon="people">
      Pairs that you call different people rest here and are not asked about again.
    </Empty>
  );
}
