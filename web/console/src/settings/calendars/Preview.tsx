import { useQuery } from "@tanstack/react-query";
import type { NewCalendar } from "../../api/types";
import { Chip } from "../../shared/Chip";
import { Failed, Loading } from "../../shared/States";
import styles from "./Calendars.module.css";
import { hoursText } from "./hours";
import { previewQuery } from "./queries";

/** "Open now, until 18:00": in words and an icon, by the calendar's own clock. */
export function OpenNow({ calendar }: { calendar: NewCalendar | null }) {
  const { data } = useQuery(previewQuery(calendar));
  if (!data || !calendar) return null;
  const at = data.changes_at ? moment(data.changes_at, calendar.time_zone) : null;
  return data.is_open ? (
    <Chip tone="good" icon="check">
      {at ? `open now, until ${at}` : "open around the clock"}
    </Chip>
  ) : (
    <Chip tone="warn" icon="lock">
      {at ? `closed now, opens ${at}` : "closed for good"}
    </Chip>
  );
}

/** The coming two weeks as they would be, holidays heeded. */
export function ComingDays({ calendar }: { calendar: NewCalendar | null }) {
  const query = useQuery(previewQuery(calendar));
  if (!calendar) return <p className={styles.hint}>The preview shows when the hours can be read.</p>;
  if (query.isError) {
    return <Failed small what="There is no preview of this." error={query.error} retry={() => void query.refetch()} />;
  }
  if (!query.data) return <Loading rows={6} height={20} />;
  return (
    <>
      <OpenNow calendar={calendar} />
      <ol className={styles.coming} aria-label="The next two weeks">
        {query.data.days.map(({ day, name, hours }) => (
          <li key={day} data-closed={hours.length === 0}>
            <time dateTime={day}>{weekday(day)}</time>
            <span className="figures">{hoursText(hours)}</span>
            {name && <span className={styles.hint}>{name}</span>}
          </li>
        ))}
      </ol>
    </>
  );
}

function weekday(day: string, locale?: string): string {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(locale, {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
  });
}

function moment(at: string, timeZone: string, locale?: string): string {
  const isSoon = new Date(at).getTime() - Date.now() < 20 * 3_600_000;
  return new Date(at).toLocaleString(locale, {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    ...(isSoon ? {} : { weekday: "short", day: "numeric", month: "short" }),
  });
}
