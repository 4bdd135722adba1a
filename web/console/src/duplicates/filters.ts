import type { PairStatus } from "../api/types";
import type { DuplicateFilters } from "../app/router";

/** The address of a list: open pairs need no word in it. */
export function filtersOf(status: PairStatus): DuplicateFilters {
  return status === "open" ? {} : { status };
}
