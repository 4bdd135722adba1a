import { useInfiniteQuery } from "@tanstack/react-query";
import { viewQuery } from "./queries";
import { countOf, type ViewName, viewOf } from "./views";

/** How many conversations each view holds; the same rows that the view shows when it is opened. */
export function useCounts(): Record<ViewName, string> {
  return {
    waiting: useCount("waiting"),
    mine: useCount("mine"),
    open: useCount("open"),
    bot: useCount("bot"),
    resolved: useCount("resolved"),
  };
}

function useCount(name: ViewName): string {
  const { data } = useInfiniteQuery(viewQuery(viewOf(name)));
  return countOf(data?.pages);
}
