import { Button, Popover } from "@mantine/core";
import type { LeadView } from "../api/types";
import { Avatar } from "../shared/Avatar";
import { Chip } from "../shared/Chip";
import { signed } from "../shared/numbers";
import { RelativeTime } from "../shared/Time";
import { humanise, type Tone } from "../shared/words";
import { useColleague } from "./colleagues";
import styles from "./Leads.module.css";
import sales from "./Sales.module.css";

const TONES: Record<LeadView["status"], Tone> = {
  new: "accent",
  working: "neutral",
  qualified: "good",
  unqualified: "neutral",
  converted: "good",
};

export function LeadRow({ lead, convert }: { lead: LeadView; convert: () => void }) {
  const owner = useColleague(lead.owner_id);
  return (
    <li className={styles.lead}>
      <Avatar name={lead.name} kind="customer" size={32} />
      <div className={styles.leadWho}>
        <bdi className="cut">
          <b>{lead.name}</b>
        </bdi>
        <bdi className={`${sales.quiet} cut`}>{lead.company ?? "no company named"}</bdi>
      </div>
      <div className={styles.leadReach}>
        <span className="cut">{lead.email ?? "no e-mail"}</span>
        <span className={`${sales.quiet} cut figures`}>{lead.phone ?? "no phone"}</span>
      </div>
      <Score lead={lead} />
      <div className={styles.leadState}>
        <Chip tone={TONES[lead.status]}>{humanise(lead.status)}</Chip>
        <span className={sales.quiet}>from {humanise(lead.source).toLowerCase()}</span>
      </div>
      <div className={styles.leadOwner}>
        <span className="cut">{owner ?? "Nobody's"}</span>
        <span className={sales.quiet}>
          <RelativeTime at={lead.created_at} />
        </span>
      </div>
      <Button variant="default" onClick={convert}>
        {lead.status === "converted" ? "Converted" : "Convert"}
      </Button>
    </li>
  );
}

/** A score never stands without its reasons and date. */
function Score({ lead }: { lead: LeadView }) {
  return (
    <Popover withArrow position="bottom" width={300}>
      <Popover.Target>
        <button type="button" className={styles.score} aria-label={`Score ${lead.score} of 100: why?`}>
          <span className={styles.meter} aria-hidden>
            <span style={{ width: `${lead.score}%` }} />
          </span>
          <span className="figures">{lead.score}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <ul className={styles.reasons}>
          {lead.score_reasons.map((reason) => (
            <li key={reason.reason}>
              <b className="figures">{signed(reason.points)}</b> {reason.reason}
            </li>
          ))}
          {lead.score_reasons.length === 0 && <li>Nothing speaks for or against it yet.</li>}
        </ul>
        {lead.scored_at && (
          <p className={sales.quiet}>
            Scored <RelativeTime at={lead.scored_at} />
          </p>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
