import { Button, Chip, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { mayWrite } from "../auth/may";
import { useMe } from "../auth/session";
import { Failed, Loading } from "../shared/States";
import { AddInteraction } from "./AddInteraction";
import styles from "./Customer.module.css";
import { TimelineList } from "./parts";
import { timelineQuery, type TimelineKind } from "./queries";
import { Section } from "./Section";

const GROUPS: readonly { label: string; kinds: readonly TimelineKind[] }[] = [
  { label: "Chats", kinds: ["chat"] },
  { label: "Notes", kinds: ["note", "call", "email"] },
  { label: "Orders", kinds: ["purchase", "return"] },
  { label: "Tickets", kinds: ["ticket"] },
  { label: "Sales", kinds: ["sales", "task", "campaign"] },
  { label: "Account", kinds: ["account", "score"] },
];

/** All that happened with a customer, filtered by what it was and by words. */
export function Timeline({ id }: { id: string }) {
  const [shown, setShown] = useState<string[]>([]);
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 250);
  const me = useMe();
  const kinds = GROUPS.filter(({ label }) => shown.includes(label)).flatMap((group) => group.kinds);
  const query = useInfiniteQuery(timelineQuery(id, { kinds, q }));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = kinds.length > 0 || q !== "";
  return (
    <Section title="What happened">
      {mayWrite(me) && <AddInteraction customerId={id} />}
      <Chip.Group multiple value={shown} onChange={setShown}>
        <div className={styles.filters} role="group" aria-label="Show only">
          {GROUPS.map(({ label }) => (
            <Chip key={label} value={label} size="xs">
              {label}
            </Chip>
          ))}
        </div>
      </Chip.Group>
      <TextInput
        size="xs"
        mb="sm"
        type="search"
        placeholder="Search what happened"
        aria-label="Search what happened"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {query.isPending && <Loading rows={6} height={24} />}
      {query.isError && items.length === 0 && (
        <Failed what="The timeline could not be loaded." error={query.error} retry={() => void query.refetch()} />
      )}
      {query.isSuccess && items.length === 0 && (
        <p className={styles.quiet}>
          {filtered ? "Nothing of that kind." : "Chats, purchases, returns and tickets will show here."}
        </p>
      )}
      <TimelineList items={items} />
      {query.hasNextPage && (
        <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show older
        </Button>
      )}
    </Section>
  );
}
