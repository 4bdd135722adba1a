import { Button, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { OpportunityDetail } from "../api/types";
import { Chip } from "../shared/Chip";
import { Icon } from "../shared/Icon";
import { money } from "../shared/numbers";
import { Failed, Loading } from "../shared/States";
import { humanise } from "../shared/words";
import { AboutTasks } from "./AboutTasks";
import { LostDialog } from "./LostDialog";
import { OpportunityFields } from "./OpportunityFields";
import { OpportunityHistory } from "./OpportunityHistory";
import { opportunityQuery, pipelinesQuery } from "./queries";
import { useMove } from "./useMove";
import styles from "./Opportunity.module.css";
import sales from "./Sales.module.css";

export function OpportunityPage() {
  const { opportunityId } = useParams({ from: "/in/sales/opportunities/$opportunityId" });
  const query = useQuery(opportunityQuery(opportunityId));
  if (query.isPending) return <Loading rows={6} height={48} />;
  if (query.isError) {
    return (
      <Failed what="This opportunity could not be loaded." error={query.error} retry={() => void query.refetch()} />
    );
  }
  return <Detail key={opportunityId} deal={query.data} />;
}

function Detail({ deal }: { deal: OpportunityDetail }) {
  const { data } = useQuery(pipelinesQuery);
  const pipeline = data?.items.find((one) => one.id === deal.pipeline_id);
  const stages = pipeline?.stages ?? [];
  const stage = stages.find((one) => one.id === deal.stage_id);
  const [losing, setLosing] = useState(false);
  const move = useMove();
  const to = (stageId: string) => {
    if (stages.find((one) => one.id === stageId)?.kind === "lost") setLosing(true);
    else move.mutate({ card: deal, stageId });
  };
  return (
    <div className={styles.detail}>
      <header className={styles.detailHead}>
        <Link to="/sales" aria-label="Back to the pipeline" className={styles.back}>
          <Icon name="back" size={18} />
        </Link>
        <div className={sales.grow}>
          <h1>
            <bdi>{deal.name}</bdi>
          </h1>
          <p>
            <b className="figures">{money(deal.amount_minor, deal.currency)}</b>
            <Chip tone={deal.status === "won" ? "good" : deal.status === "lost" ? "bad" : "accent"}>
              {stage?.name ?? humanise(deal.status)}
            </Chip>
            {deal.status === "open" && <span className="figures">{deal.probability} % likely</span>}
            {deal.account_name && <bdi>{deal.account_name}</bdi>}
            {deal.customer_id && (
              <Link to="/customers/$customerId" params={{ customerId: deal.customer_id }}>
                <bdi>{deal.customer_name}</bdi>
              </Link>
            )}
            {deal.lost_reason && <span>because of: {humanise(deal.lost_reason).toLowerCase()}</span>}
          </p>
        </div>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button loading={move.isPending} rightSection={<Icon name="down" />}>
              Move
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {stages
              .filter((one) => one.id !== deal.stage_id)
              .map((one) => (
                <Menu.Item key={one.id} onClick={() => to(one.id)}>
                  {one.name}
                </Menu.Item>
              ))}
          </Menu.Dropdown>
        </Menu>
      </header>
      <div className={styles.detailBody}>
        <OpportunityFields key={deal.version} deal={deal} />
        <div className={styles.side}>
          <AboutTasks record={`opportunity:${deal.id}`} about={{ opportunity_id: deal.id }} />
          <OpportunityHistory deal={deal} stages={stages} />
        </div>
      </div>
      <LostDialog
        card={losing ? deal : null}
        close={() => setLosing(false)}
        lose={(lostReason, note) => {
          const lost = stages.find((one) => one.kind === "lost");
          if (lost) move.mutate({ card: deal, stageId: lost.id, lostReason, note });
          setLosing(false);
        }}
      />
    </div>
  );
}
