import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import type { TranscriptView } from "../api/types";
import type { TranscriptFilters } from "../app/router";
import { intentsQuery } from "../insights/queries";
import { Icon } from "../shared/Icon";
import { Empty, Failed, Loading } from "../shared/States";
import { humanise } from "../shared/words";
import { useShortcuts } from "../shell/shortcuts";
import { transcriptsQuery } from "./queries";
import { TranscriptRow } from "./TranscriptRow";
import styles from "./Transcripts.module.css";

const ROW_HEIGHT = 84;
const LOOK_BACK_DAYS = 730;

interface ListProps {
  filters: TranscriptFilters;
  openId: string | undefined;
}

export function TranscriptList({ filters, openId }: ListProps) {
  const navigate = useNavigate();
  const query = useInfiniteQuery(transcriptsQuery(filters));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];

  function step(by: number) {
    const current = rows.findIndex((row) => row.conversation_id === openId);
    const next = rows[current === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, current + by))];
    if (!next) return;
    void navigate({
      to: "/transcripts/$conversationId",
      params: { conversationId: next.conversation_id },
      search: filters,
    });
  }
  useShortcuts([
    { keys: "j", run: () => step(1) },
    { keys: "k", run: () => step(-1) },
  ]);

  return (
    <>
      <Filters filters={filters} />
      {query.isPending ? (
        <Loading rows={8} height={64} />
      ) : query.isError && rows.length === 0 ? (
        <Failed
          what="The transcripts could not be searched."
          error={query.error}
          retry={() => void query.refetch()}
        />
      ) : rows.length === 0 ? (
        <Nothing filters={filters} />
      ) : (
        <Rows
          rows={rows}
          openId={openId}
          filters={filters}
          loadMore={query.hasNextPage && !query.isFetchNextPageError ? () => void query.fetchNextPage() : null}
          loading={query.isFetchingNextPage}
        />
      )}
    </>
  );
}

function Filters({ filters }: { filters: TranscriptFilters }) {
  const navigate = useNavigate();
  const intents = useQuery(intentsQuery(LOOK_BACK_DAYS));
  const [typed, setTyped] = useState(filters.q ?? "");
  useEffect(() => setTyped(filters.q ?? ""), [filters.q]);

  function change(next: Record<keyof TranscriptFilters, string | null | undefined>) {
    const search = Object.fromEntries(Object.entries(next).filter(([, value]) => value));
    void navigate({ to: "/transcripts", search: search as TranscriptFilters, replace: true });
  }
  const all = { q: filters.q, intent: filters.intent, sentiment: filters.sentiment };
  const search = useDebouncedCallback((q: string) => change({ ...all, q: q.trim() }), 300);

  const names = (intents.data?.items ?? []).map((item) => ({
    value: item.intent,
    label: humanise(item.intent),
  }));
  return (
    <div className={styles.filters}>
      <h1>Transcripts</h1>
      <TextInput
        type="search"
        size="xs"
        placeholder="Words in a message"
        aria-label="Search transcripts"
        leftSection={<Icon name="search" />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
      />
      <Select
        size="xs"
        searchable
        clearable
        placeholder="Any intent"
        aria-label="Intent"
        nothingFoundMessage="No such intent was seen"
        data={names}
        value={filters.intent ?? null}
        onChange={(intent) => change({ ...all, intent })}
      />
      <Select
        size="xs"
        clearable
        placeholder="Any sentiment"
        aria-label="Sentiment"
        data={["negative", "neutral", "positive"].map((value) => ({ value, label: humanise(value) }))}
        value={filters.sentiment ?? null}
        onChange={(sentiment) => change({ ...all, sentiment })}
      />
    </div>
  );
}

function Nothing({ filters }: { filters: TranscriptFilters }) {
  const navigate = useNavigate();
  if (Object.keys(filters).length === 0) {
    return (
      <Empty title="No conversations yet" icon="transcript">
        Everything that customers and the shop say to each other can be read and searched here.
      </Empty>
    );
  }
  return (
    <Empty
      title="No message matches all of this"
      icon="search"
      action={
        <Button variant="default" onClick={() => void navigate({ to: "/transcripts", search: {} })}>
          Clear the filters
        </Button>
      }
    />
  );
}

interface RowsProps {
  rows: TranscriptView[];
  openId: string | undefined;
  filters: TranscriptFilters;
  loadMore: (() => void) | null;
  loading: boolean;
}

function Rows({ rows, openId, filters, loadMore, loading }: RowsProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  });
  const shown = virtual.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (loadMore && !loading && lastShown >= rows.length - 10) loadMore();
  }, [loadMore, loading, lastShown, rows.length]);
  return (
    <div className={styles.scroll} ref={scroll}>
      <div className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {shown.map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <TranscriptRow
                key={row.conversation_id}
                row={row}
                filters={filters}
                isOpen={row.conversation_id === openId}
                top={item.start}
                height={item.size}
              />
            )
          );
        })}
      </div>
    </div>
  );
}
