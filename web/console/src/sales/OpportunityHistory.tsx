import type { OpportunityDetail, StageView } from "../api/types";
import { money } from "../shared/numbers";
import { RelativeTime } from "../shared/Time";
import { useColleague } from "./colleagues";
import styles from "./Opportunity.module.css";
import sales from "./Sales.module.css";

type Change = OpportunityDetail["history"][number];

/** What happened, the latest first: who moved it, from where to where, worth what then. */
export function OpportunityHistory({ deal, stages }: { deal: OpportunityDetail; stages: StageView[] }) {
  return (
    <section aria-label="History">
      <h2>History</h2>
      <ol className={styles.history}>
        {[...deal.history].reverse().map((change) => (
          <Line key={change.seq} change={change} stages={stages} />
        ))}
      </ol>
    </section>
  );
}

function Line({ change, stages }: { change: Change; stages: StageView[] }) {
  const who = useColleague(change.user_id);
  const name = (id: string | null) => stages.find((stage) => stage.id === id)?.name ?? "another stage";
  const what = {
    created: `Opened in ${name(change.to_stage_id)}`,
    moved: `Moved from ${name(change.from_stage_id)} to ${name(change.to_stage_id)}`,
    won: `Won, from ${name(change.from_stage_id)}`,
    lost: `Lost, from ${name(change.from_stage_id)}`,
    reopened: `Opened again in ${name(change.to_stage_id)}`,
    amount: "Amount changed",
  }[change.event];
  return (
    <li>
      <div>
        <b>{what}</b> <span className="figures">{money(change.amount_minor, change.currency)}</span>
      </div>
      {change.note && <p dir="auto">{change.note}</p>}
      <div className={sales.quiet}>
        {who ?? "The system"} · <RelativeTime at={change.at} />
      </div>
    </li>
  );
}
