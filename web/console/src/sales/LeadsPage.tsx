import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback, useDisclosure } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { LeadView } from "../api/types";
import { Icon } from "../shared/Icon";
import { Empty, Failed, Loading } from "../shared/States";
import { humanise } from "../shared/words";
import { ConvertDialog } from "./ConvertDialog";
import { LEAD_STATUSES, type LeadSearch } from "./filters";
import { LeadRow } from "./LeadRow";
import { NewLead } from "./NewLead";
import { leadsQuery } from "./queries";
import { SalesNav } from "./SalesNav";
import styles from "./Sales.module.css";

const SORTS = [
  { value: "-score", label: "Best score first" },
  { value: "-created_at", label: "Newest first" },
  { value: "name", label: "By name" },
  { value: "company", label: "By company" },
];

export function LeadsPage() {
  const search = useSearch({ from: "/in/sales/leads" });
  const navigate = useNavigate();
  const query = useInfiniteQuery(leadsQuery(search));
  const leads = query.data?.pages.flatMap((page) => page.items) ?? [];
  const [adding, { open, close }] = useDisclosure(false);
  const [converting, setConverting] = useState<LeadView | null>(null);
  const [typed, setTyped] = useState(search.q ?? "");
  useEffect(() => setTyped(search.q ?? ""), [search.q]);
  const show = (change: LeadSearch) =>
    void navigate({
      to: "/sales/leads",
      search: Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value)),
      replace: true,
    });
  const later = useDebouncedCallback((q: string) => show({ q: q.trim() }), 250);
  return (
    <div className={styles.page}>
      <SalesNav title="Leads">
        <TextInput
          type="search"
          size="xs"
          className={styles.search ?? ""}
          placeholder="Name, company, whole e-mail or phone"
          aria-label="Search leads"
          leftSection={<Icon name="search" />}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            later(event.currentTarget.value);
          }}
        />
        <Select
          size="xs"
          aria-label="Status"
          placeholder="Any status"
          clearable
          data={LEAD_STATUSES.map((value) => ({ value, label: humanise(value) }))}
          value={search.status ?? null}
          onChange={(status) => show({ status: (status ?? undefined) as never })}
        />
        <Select
          size="xs"
          aria-label="Order"
          allowDeselect={false}
          data={SORTS}
          value={search.sort ?? "-score"}
          onChange={(sort) => show({ sort: sort as never })}
        />
        <Button onClick={open}>New lead</Button>
      </SalesNav>
      <div className={styles.scroll}>
        {query.isPending ? (
          <Loading rows={8} height={44} />
        ) : query.isError && leads.length === 0 ? (
          <Failed what="The leads could not be loaded." error={query.error} retry={() => void query.refetch()} />
        ) : leads.length === 0 ? (
          <Empty
            title={search.q ? `No lead matches “${search.q}”` : "No leads here"}
            icon="people"
            action={
              <Button variant="default" onClick={() => void navigate({ to: "/sales/leads", search: {} })}>
                Show all leads
              </Button>
            }
          >
            People who may buy show here: from chats, campaigns and imports, or added by you.
          </Empty>
        ) : (
          <>
            <ul className={styles.leadList}>
              {leads.map((lead) => (
                <LeadRow key={lead.id} lead={lead} convert={() => setConverting(lead)} />
              ))}
            </ul>
            {query.hasNextPage && (
              <Button
                variant="default"
                m="md"
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                Show more
              </Button>
            )}
          </>
        )}
      </div>
      <NewLead opened={adding} close={close} />
      {converting && <ConvertDialog key={converting.id} lead={converting} close={() => setConverting(null)} />}
    </div>
  );
}
