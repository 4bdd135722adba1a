import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";

export interface Choice {
  value: string;
  label: string;
}

interface RemoteSelectProps {
  label: string;
  placeholder: string;
  nothing: string;
  value: Choice | null;
  choose: (choice: Choice | null) => void;
  search: (q: string) => { queryKey: readonly unknown[]; queryFn: () => Promise<Choice[]> };
  autoFocus?: boolean;
}

/** A choice among too many to list: the words typed are looked up in the store. */
export function RemoteSelect({ label, placeholder, nothing, value, choose, search, autoFocus }: RemoteSelectProps) {
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 200);
  const found = useQuery({
    ...search(value && q === value.label ? "" : q),
    placeholderData: keepPreviousData,
  });
  const choices = found.data ?? [];
  const shown = value && !choices.some((one) => one.value === value.value) ? [value, ...choices] : choices;
  return (
    <Select
      label={label}
      placeholder={placeholder}
      searchable
      clearable
      // A dialog that opens puts the focus here; the list opens with the first letter.
      openOnFocus={false}
      // The store has found them already, by more than their names.
      filter={({ options }) => options}
      nothingFoundMessage={found.isError ? "They could not be looked up" : found.isPending ? "Looking…" : nothing}
      data={shown}
      value={value?.value ?? null}
      onSearchChange={setTyped}
      onChange={(id) => choose(shown.find((one) => one.value === id) ?? null)}
      {...(autoFocus ? { "data-autofocus": true } : {})}
    />
  );
}
