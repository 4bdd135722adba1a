import type { CampaignView } from "../api/types";
import sales from "../sales/Sales.module.css";
import detail from "../sales/Opportunity.module.css";
import { count, percent } from "../shared/numbers";
import styles from "./Campaigns.module.css";

/** How far the campaign came, each step against what was sent. */
export function Funnel({ campaign }: { campaign: CampaignView }) {
  const { funnel } = campaign;
  const steps = [
    { label: "Sent", value: funnel.sent },
    { label: "Opened", value: funnel.opened },
    { label: "Answered", value: funnel.answered },
    { label: "Bought", value: funnel.converted },
  ];
  return (
    <section aria-label="How far it came">
      <div className={detail.sideHead}>
        <h2>How far it came</h2>
      </div>
      {funnel.sent === 0 ? (
        <p className={sales.quiet}>Nobody has been approached yet.</p>
      ) : (
        <dl className={styles.funnel}>
          {steps.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className={styles.bar} aria-hidden>
                <span style={{ width: percentWide(value, funnel.sent) }} />
              </dd>
              <dd className="figures">
                {count(value)}
                {label !== "Sent" && <span className={sales.quiet}> · {percent(value / funnel.sent)}</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {funnel.skipped > 0 && (
        <p className={sales.quiet}>{count(funnel.skipped)} skipped: no consent, or approached often enough lately.</p>
      )}
    </section>
  );
}

function percentWide(part: number, whole: number): string {
  return `${Math.min(100, (100 * part) / whole)}%`;
}
