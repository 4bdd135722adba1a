import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CalendarView } from "../../api/types";
import { Chip } from "../../shared/Chip";
import { countryName } from "../../shared/countries";
import { Empty, Failed, Loading } from "../../shared/States";
import { Head } from "../Head";
import styles from "../Settings.module.css";
import { calendarsQuery } from "../sla/queries";
import { CalendarDialog } from "./CalendarDialog";
import own from "./Calendars.module.css";
import { asDraft } from "./draft";
import { weekText } from "./hours";
import { OpenNow } from "./Preview";

export function CalendarsPage() {
  const query = useQuery(calendarsQuery);
  const [editing, setEditing] = useState<CalendarView | "new" | null>(null);
  const items = query.data?.items ?? [];
  const add = <Button onClick={() => setEditing("new")}>New opening hours</Button>;
  return (
    <>
      <Head
        title="Opening hours"
        about="When the desk works: promises to customers are counted in these hours, holidays and days of your own heeded."
      >
        {add}
      </Head>
      {query.isPending ? (
        <Loading rows={3} height={88} />
      ) : query.isError ? (
        <Failed what="The opening hours could not be loaded." error={query.error} retry={() => void query.refetch()} />
      ) : items.length === 0 ? (
        <Empty title="No opening hours yet" icon="clock" action={add}>
          Until there are some, no answer is promised to anybody.
        </Empty>
      ) : (
        <ul className={styles.cards}>
          {items.map((calendar) => (
            <Calendar key={calendar.id} calendar={calendar} edit={() => setEditing(calendar)} />
          ))}
        </ul>
      )}
      {editing && (
        <CalendarDialog
          key={editing === "new" ? "new" : editing.id}
          calendar={editing === "new" ? null : editing}
          close={() => setEditing(null)}
        />
      )}
    </>
  );
}

function Calendar({ calendar, edit }: { calendar: CalendarView; edit: () => void }) {
  const days = calendar.days ?? [];
  const closed = [
    calendar.country && `public holidays of ${countryName(calendar.country)}`,
    days.length > 0 && (days.length === 1 ? "one day of its own" : `${days.length} days of its own`),
  ].filter(Boolean);
  return (
    <li className={styles.card}>
      <div className={styles.cardHead}>
        <h3>
          <bdi>{calendar.name}</bdi>
        </h3>
        {calendar.is_default && <Chip tone="accent">default</Chip>}
        <OpenNow calendar={asDraft(calendar)} />
        <span className={styles.push}>
          <Button variant="default" onClick={edit} aria-label={`Edit ${calendar.name}`}>
            Edit
          </Button>
        </span>
      </div>
      <ul className={own.lines}>
        {weekText(calendar.hours).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p className={styles.quiet}>
        {[calendar.time_zone, ...closed].join(" · ")}
      </p>
    </li>
  );
}
