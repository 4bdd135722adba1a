import { Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Icon } from "../shared/Icon";
import panes from "../shared/ListAndDetail.module.css";
import { humanise } from "../shared/words";
import { PRIORITIES, readFilters, STATUSES, type TicketFilters, TYPES } from "./filters";

const ASSIGNEES = [
  { value: "me", label: "Mine" },
  { value: "none", label: "Nobody’s" },
];
const SLA_STATES = [
  { value: "breached", label: "Promise broken" },
  { value: "running", label: "Clock runs" },
  { value: "paused", label: "Clock paused" },
];
const SORTS = [
  { value: "-created_at", label: "Newest first" },
  { value: "due_at", label: "Due soonest" },
  { value: "-updated_at", label: "Changed last" },
];

export function TicketFiltersBar({ filters }: { filters: TicketFilters }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(filters.q ?? "");
  useEffect(() => setTyped(filters.q ?? ""), [filters.q]);

  function change(next: Record<string, string | null>) {
    void navigate({ to: "/tickets", search: readFilters({ ...filters, ...next }), replace: true });
  }
  const search = useDebouncedCallback((q: string) => change({ q: q.trim() }), 300);

  const choices = [
    { name: "status", any: "Any status", value: filters.status, data: words(STATUSES) },
    { name: "assignee", any: "Anybody’s", value: filters.assignee, data: ASSIGNEES },
    { name: "type", any: "Any type", value: filters.type, data: words(TYPES) },
    { name: "priority", any: "Any priority", value: filters.priority, data: words(PRIORITIES) },
    { name: "sla", any: "Any promise", value: filters.sla, data: SLA_STATES },
  ];
  return (
    <div className={panes.filters}>
      <h1>Tickets</h1>
      <TextInput
        type="search"
        size="xs"
        placeholder="Number, or words of the ticket"
        aria-label="Search tickets"
        leftSection={<Icon name="search" />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
      />
      {choices.map(({ name, any, value, data }) => (
        <Select
          key={name}
          size="xs"
          clearable
          placeholder={any}
          aria-label={humanise(name)}
          data={data}
          value={value ?? null}
          onChange={(chosen) => change({ [name]: chosen })}
        />
      ))}
      <Select
        size="xs"
        aria-label="Order"
        allowDeselect={false}
        data={SORTS}
        value={filters.sort ?? "-created_at"}
        onChange={(chosen) => change({ sort: chosen })}
      />
    </div>
  );
}

function words(values: readonly string[]) {
  return values.map((value) => ({ value, label: humanise(value) }));
}
