import { Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { DayRange } from "./DayRange";
import { type CustomerSearch, narrowedBy } from "./filters";
import { FoldedFilters } from "./FoldedFilters";
import { segmentsQuery } from "./queries";

const HAVING = [
  { value: "open_ticket", label: "An open ticket" },
  { value: "orders", label: "Orders" },
  { value: "no_orders", label: "No orders yet" },
];

interface FiltersProps {
  search: CustomerSearch;
  show: (change: { [name in keyof CustomerSearch]: string | null }) => void;
}

export function CustomerFilters({ search, show }: FiltersProps) {
  const segments = useQuery(segmentsQuery);
  const names = segments.data?.items.map((one) => one.name) ?? [];
  const choices = search.segment && !names.includes(search.segment) ? [search.segment, ...names] : names;
  return (
    <FoldedFilters
      count={narrowedBy(search)}
      clear={() => show({ country: null, city: null, segment: null, having: null, from: null, to: null })}
    >
      <Words label="Country" placeholder="Germany, or DE" value={search.country} change={(country) => show({ country })} />
      <Words label="City" placeholder="The whole name" value={search.city} change={(city) => show({ city })} />
      <Select
        size="xs"
        label="Segment"
        placeholder={segments.isSuccess && names.length === 0 ? "Analysis has found none yet" : "Any"}
        clearable
        comboboxProps={{ withinPortal: false }}
        data={choices}
        value={search.segment ?? null}
        onChange={(segment) => show({ segment })}
      />
      <Select
        size="xs"
        label="Who have"
        placeholder="Anything"
        clearable
        comboboxProps={{ withinPortal: false }}
        data={HAVING}
        value={search.having ?? null}
        onChange={(having) => show({ having })}
      />
      <DayRange label="Customer" search={search} show={show} />
    </FoldedFilters>
  );
}

interface WordsProps {
  label: string;
  placeholder: string;
  value: string | undefined;
  change: (value: string | null) => void;
}

/** A text that is asked for once the fingers rest. */
function Words({ label, placeholder, value = "", change }: WordsProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const later = useDebouncedCallback((text: string) => change(text.trim() || null), 400);
  return (
    <TextInput
      size="xs"
      label={label}
      placeholder={placeholder}
      maxLength={64}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        later(event.currentTarget.value);
      }}
    />
  );
}
