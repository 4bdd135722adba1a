import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { Icon } from "./Icon";

interface SearchFieldProps {
  label: string;
  placeholder: string;
  q: string;
  change: (q: string) => void;
  className?: string;
}

/** A search that waits until the fingers rest. */
export function SearchField({ label, placeholder, q, change, className }: SearchFieldProps) {
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  const later = useDebouncedCallback((value: string) => change(value.trim()), 250);
  return (
    <TextInput
      type="search"
      size="xs"
      placeholder={placeholder}
      aria-label={label}
      leftSection={<Icon name="search" />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        later(event.currentTarget.value);
      }}
      {...(className ? { className } : {})}
    />
  );
}
