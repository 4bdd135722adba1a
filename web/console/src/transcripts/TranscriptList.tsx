import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { TranscriptFilters } from "../app/router";
import { intentsQuery } from "../insights/queries";
import { Icon } from "../shared/Icon";
import { EndlessRows } from "../shared/EndlessRows";
import panes from "../shared/ListAndDetail.module.css";
import { Empty, Failed, Loading } from "../shared/States";
import { humanise } from "../shared/words";
import { useShortcuts } from "../shell/shortcuts";
import { transcriptsQuery } from "./queries";
import { TranscriptRow } from "./TranscriptRow";

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
        <EndlessRows rows={rows} rowHeight={ROW_HEIGHT} query={query}>
          {(row, place) => (
            <TranscriptRow
              key={row.conversation_id}
              row={row}
              filters={filters}
              isOpen={row.conversation_id === openId}
              {...place}
            />
          )}
        </EndlessRows>
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
    <div className={panes.filters}>
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
