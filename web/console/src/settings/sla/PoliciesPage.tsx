import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { CalendarView, PolicyView } from "../../api/types";
import { Chip } from "../../shared/Chip";
import { Empty, Failed, Loading } from "../../shared/States";
import { humanise } from "../../shared/words";
import { Head } from "../Head";
import styles from "../Settings.module.css";
import { promise } from "./minutes";
import { PolicyDialog } from "./PolicyDialog";
import { calendarsQuery, policiesQuery } from "./queries";

export function PoliciesPage() {
  const policies = useQuery(policiesQuery);
  const calendars = useQuery(calendarsQuery);
  const [editing, setEditing] = useState<PolicyView | "new" | null>(null);
  const items = policies.data?.items ?? [];
  const hours = calendars.data?.items ?? [];
  const failed = policies.isError ? policies : calendars;
  const add = (
    <Button onClick={() => setEditing("new")} disabled={hours.length === 0}>
      New service level
    </Button>
  );
  return (
    <>
      <Head
        title="Service levels"
        about="What is promised to a ticket: the first one that fits it counts. Open tickets follow a change within a minute."
      >
        {add}
      </Head>
      {policies.isPending || calendars.isPending ? (
        <Loading rows={4} height={72} />
      ) : failed.isError ? (
        <Failed what="The service levels could not be loaded." error={failed.error} retry={() => void failed.refetch()} />
      ) : hours.length === 0 ? (
        <Empty title="Opening hours first" icon="clock">
          A promise is counted in open hours. <Link to="/settings/hours">Say when the desk is open</Link>, then what
          it promises.
        </Empty>
      ) : items.length === 0 ? (
        <Empty title="Nothing is promised yet" icon="clock" action={add}>
          With a service level each ticket shows when its answer is due, and who is late is told.
        </Empty>
      ) : (
        <ol className={styles.cards}>
          {items.map((policy, index) => (
            <Policy
              key={policy.id}
              policy={policy}
              place={index + 1}
              calendar={hours.find((one) => one.id === policy.calendar_id)}
              edit={() => setEditing(policy)}
            />
          ))}
        </ol>
      )}
      {editing && (
        <PolicyDialog
          key={editing === "new" ? "new" : editing.id}
          policy={editing === "new" ? null : editing}
          nextPosition={Math.max(0, ...items.map((one) => one.position)) + 10}
          calendars={hours}
          close={() => setEditing(null)}
        />
      )}
    </>
  );
}

interface PolicyProps {
  policy: PolicyView;
  place: number;
  calendar: CalendarView | undefined;
  edit: () => void;
}

function Policy({ policy, place, calendar, edit }: PolicyProps) {
  const fits = [
    policy.type && `type “${humanise(policy.type).toLowerCase()}”`,
    policy.priority && `${policy.priority} priority`,
    policy.segment && `segment “${policy.segment}”`,
  ].filter(Boolean);
  return (
    <li className={styles.card} data-off={!policy.active}>
      <div className={styles.cardHead}>
        <span className="figures">{place}.</span>
        <h3>
          <bdi>{policy.name}</bdi>
        </h3>
        {!policy.active && <Chip icon="pause">not in force</Chip>}
        <span className={styles.push}>
          <Button variant="default" onClick={edit} aria-label={`Edit ${policy.name}`}>
            Edit
          </Button>
        </span>
      </div>
      <p className={styles.quiet}>
        {fits.length > 0 ? `For tickets with ${fits.join(", ")}` : "For every ticket"} · counted by{" "}
        <bdi>{calendar?.name ?? "a calendar that is gone"}</bdi>
      </p>
      <p className={styles.quiet}>
        First answer: <b>{promise(policy.first_response_minutes ?? null)}</b> · solved:{" "}
        <b>{promise(policy.resolution_minutes ?? null)}</b> · told {promise(policy.warn_minutes) || "0 m"} before
      </p>
    </li>
  );
}
