import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { unwrap } from "../../api/problems";
import type { NewCalendar } from "../../api/types";

/** What a calendar would mean from now on; asked again while it is looked at. */
export function previewQuery(draft: NewCalendar | null) {
  return queryOptions({
    queryKey: keys.calendarPreview(draft ?? {}),
    queryFn: ({ signal }) =>
      unwrap(api.POST("/api/v1/business-calendars/preview", { body: draft as NewCalendar, signal })),
    enabled: draft !== null,
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}

export const regionsQuery = queryOptions({
  queryKey: keys.holidayRegions,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/business-calendars/holiday-regions", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});
