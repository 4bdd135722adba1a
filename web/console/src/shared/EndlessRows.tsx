import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import styles from "./EndlessRows.module.css";

/** So many rows before the last one shown, the next page is fetched. */
const AHEAD = 10;

/** What an infinite query says of its next page. */
interface NextPage {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => Promise<unknown>;
}

interface Options {
  count: number;
  rowHeight: number;
  overscan?: number;
  query: NextPage;
  keyOf?: (index: number) => string | number;
}

/** A long list of which only the visible rows are drawn, and which grows as it is scrolled. */
export function useEndlessRows({ count, rowHeight, overscan = 6, query, keyOf }: Options) {
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan,
    ...(keyOf && { getItemKey: keyOf }),
  });
  const shown = virtual.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && lastShown >= count - AHEAD) {
      void fetchNextPage();
    }
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, lastShown, count]);
  return { scroll, virtual, shown };
}

/** Where a row lies, in pixels from the top of the list. */
export interface RowPlace {
  top: number;
  height: number;
}

interface EndlessRowsProps<Row> {
  rows: Row[];
  rowHeight: number;
  overscan?: number;
  query: NextPage;
  children: (row: Row, place: RowPlace) => ReactNode;
}

/** The scrolled part of a page whose rows are nothing but a list. */
export function EndlessRows<Row>({ rows, children, ...options }: EndlessRowsProps<Row>) {
  const { scroll, virtual, shown } = useEndlessRows({ count: rows.length, ...options });
  return (
    <div className={styles.scroll} ref={scroll}>
      <div className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {shown.map((item) => {
          const row = rows[item.index];
          return row !== undefined && children(row, { top: item.start, height: item.size });
        })}
      </div>
    </div>
  );
}
