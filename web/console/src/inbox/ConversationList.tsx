import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useShortcuts } from "../shell/shortcuts";
import { useEndlessRows } from "../shared/EndlessRows";
import { Icon } from "../shared/Icon";
import { Empty, Failed, Loading } from "../shared/States";
import styles from "./ConversationList.module.css";
import { ConversationRow } from "./ConversationRow";
import { searchQuery, viewQuery } from "./queries";
import { useCounts } from "./useCounts";
import { countOf, type View, VIEWS } from "./views";

const ROW_HEIGHT = 84;

export function ConversationList({ view, openId }: { view: View; openId: string | undefined }) {
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 250);
  const query = useInfiniteQuery(q ? searchQuery(view, q) : viewQuery(view));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const navigate = useNavigate();
  const { isFetchNextPageError, fetchNextPage } = query;
  const { scroll, virtual, shown } = useEndlessRows({
    count: rows.length,
    rowHeight: ROW_HEIGHT,
    query,
    keyOf: (index) => rows[index]?.id ?? index,
  });

  function step(by: number) {
    if (rows.length === 0) return;
    const current = rows.findIndex((row) => row.id === openId);
    const next = current === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, current + by));
    virtual.scrollToIndex(next);
    void navigate({
      to: "/inbox/$view/$conversationId",
      params: { view: view.name, conversationId: rows[next]!.id },
    });
  }
  useShortcuts([
    { keys: "j", run: () => step(1) },
    { keys: "k", run: () => step(-1) },
  ]);

  return (
    <>
      <div className={styles.head}>
        <h1 className={styles.title}>
          {view.label} <span className="figures">{countOf(query.data?.pages)}</span>
        </h1>
        <ViewTabs active={view} />
        <TextInput
          type="search"
          size="xs"
          placeholder="Search name, e-mail or text"
          aria-label={`Search in ${view.label}`}
          leftSection={<Icon name="search" />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            setTyped("");
            event.currentTarget.blur();
          }}
        />
      </div>
      <div className={styles.scroll} ref={scroll}>
        {query.isPending ? (
          <Loading rows={8} height={64} />
        ) : query.isError && rows.length === 0 ? (
          <Failed
            what="The conversations could not be loaded."
            error={query.error}
            retry={() => void query.refetch()}
          />
        ) : rows.length === 0 ? (
          <Nothing view={view} q={q} clear={() => setTyped("")} />
        ) : (
          <div className={styles.rows} style={{ height: virtual.getTotalSize() }}>
            {shown.map((item) => {
              const row = rows[item.index];
              return (
                row && (
                  <ConversationRow
                    key={item.key}
                    row={row}
                    view={view.name}
                    isOpen={row.id === openId}
                    top={item.start}
                    height={item.size}
                  />
                )
              );
            })}
          </div>
        )}
        {isFetchNextPageError && (
          <Failed
            small
            what="More could not be loaded."
            error={query.error}
            retry={() => void fetchNextPage()}
          />
        )}
      </div>
    </>
  );
}

function ViewTabs({ active }: { active: View }) {
  const counts = useCounts();
  return (
    <nav className={styles.tabs} aria-label="Views">
      {VIEWS.map((view) => (
        <Link
          key={view.name}
          to="/inbox/$view"
          params={{ view: view.name }}
          className={styles.tab}
          data-active={view.name === active.name}
          {...(view.name === active.name ? { "aria-current": "page" as const } : {})}
        >
          {view.label} <span className="figures">{counts[view.name]}</span>
        </Link>
      ))}
    </nav>
  );
}

function Nothing({ view, q, clear }: { view: View; q: string; clear: () => void }) {
  if (q) {
    return (
      <Empty
        title={`Nothing matches “${q}”`}
        icon="search"
        action={
          <Button variant="default" onClick={clear}>
            Clear the search
          </Button>
        }
      >
        Searched in {view.label} only.
      </Empty>
    );
  }
  return (
    <Empty title={view.name === "waiting" ? "Nobody is waiting" : "Nothing here"} icon={view.icon}>
      {view.empty}
    </Empty>
  );
}
