import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { mayWrite } from "../auth/may";
import { useMe } from "../auth/session";
import { EndlessRows } from "../shared/EndlessRows";
import { Empty, Failed, Loading } from "../shared/States";
import { useShortcuts } from "../shell/shortcuts";
import { BulkBar } from "./BulkBar";
import type { TicketFilters } from "./filters";
import { ticketsQuery } from "./queries";
import { TicketFiltersBar } from "./TicketFiltersBar";
import { TicketRow } from "./TicketRow";

const ROW_HEIGHT = 84;
const NONE: ReadonlySet<string> = new Set();

interface ListProps {
  filters: TicketFilters;
  openNumber: string | undefined;
}

export function TicketList({ filters, openNumber }: ListProps) {
  const navigate = useNavigate();
  const query = useInfiniteQuery(ticketsQuery(filters));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const may = mayWrite(useMe());
  const [selected, setSelected] = useState<ReadonlySet<string>>(NONE);
  // What is not shown any more cannot be meant any more.
  const chosen = rows.filter((row) => selected.has(row.number));
  const clear = () => setSelected(NONE);
  const selectAll = () => setSelected(new Set(rows.map((row) => row.number)));

  function toggle(number: string) {
    const next = new Set(selected);
    if (!next.delete(number)) next.add(number);
    setSelected(next);
  }

  function step(by: number) {
    const current = rows.findIndex((row) => row.number === openNumber);
    const next = rows[current === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, current + by))];
    if (!next) return;
    void navigate({ to: "/tickets/$number", params: { number: next.number }, search: filters });
  }
  useShortcuts([
    { keys: "j", run: () => step(1) },
    { keys: "k", run: () => step(-1) },
    ...(may
      ? [
          { keys: "x", run: () => { if (openNumber) toggle(openNumber); } },
          { keys: "A", run: selectAll },
          { keys: "Escape", run: clear },
        ]
      : []),
  ]);

  return (
    <>
      <TicketFiltersBar filters={filters} />
      {chosen.length > 0 && (
        <BulkBar tickets={chosen} shown={rows.length} selectAll={selectAll} clear={clear} />
      )}
      {query.isPending ? (
        <Loading rows={8} height={64} />
      ) : query.isError && rows.length === 0 ? (
        <Failed what="The tickets could not be loaded." error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Nothing filters={filters} />
      ) : (
        <EndlessRows rows={rows} rowHeight={ROW_HEIGHT} query={query}>
          {(row, place) => (
            <TicketRow
              key={row.number}
              row={row}
              filters={filters}
              isOpen={row.number === openNumber}
              {...(may && { isSelected: selected.has(row.number), toggle: () => toggle(row.number) })}
              {...place}
            />
          )}
        </EndlessRows>
      )}
    </>
  );
}

function Nothing({ filters }: { filters: TicketFilters }) {
  const navigate = useNavigate();
  if (Object.keys(filters).length === 0) {
    return (
      <Empty title="No tickets yet" icon="ticket">
        What a chat cannot settle at once becomes a ticket: the bot opens one, or you do from a
        conversation.
      </Empty>
    );
  }
  return (
    <Empty
      title="No ticket matches all of this"
      icon="search"
      action={
        <Button variant="default" onClick={() => void navigate({ to: "/tickets", search: {} })}>
          Clear the filters
        </Button>
      }
    />
  );
}
