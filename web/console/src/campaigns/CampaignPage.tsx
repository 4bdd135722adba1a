import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { CampaignView } from "../api/types";
import { mayWrite } from "../auth/may";
import { useMe } from "../auth/session";
import { useColleague } from "../sales/colleagues";
import styles from "../sales/Opportunity.module.css";
import sales from "../sales/Sales.module.css";
import { Chip } from "../shared/Chip";
import { ConfirmButton } from "../shared/ConfirmButton";
import { Icon } from "../shared/Icon";
import { Failed, Loading } from "../shared/States";
import { humanise } from "../shared/words";
import { useFields } from "../shared/useFields";
import { CampaignFields, draftOf, patchOf, problemsOf } from "./CampaignFields";
import { Funnel } from "./Funnel";
import { Members } from "./Members";
import { campaignQuery } from "./queries";
import { useCampaignEdit } from "./useCampaignEdit";
import { CHANNELS, nextSteps, STATUS_TONES } from "./words";

export function CampaignPage() {
  const { campaignId } = useParams({ from: "/in/sales/campaigns/$campaignId" });
  const query = useQuery(campaignQuery(campaignId));
  if (query.isPending) return <Loading rows={6} height={48} />;
  if (query.isError) {
    return <Failed what="This campaign could not be loaded." error={query.error} retry={() => void query.refetch()} />;
  }
  return <Detail key={campaignId} campaign={query.data} />;
}

function Detail({ campaign }: { campaign: CampaignView }) {
  const may = mayWrite(useMe());
  const owner = useColleague(campaign.owner_id);
  const edit = useCampaignEdit(campaign);
  const steps = may ? nextSteps(campaign.status) : [];
  return (
    <div className={styles.detail}>
      <header className={styles.detailHead}>
        <Link to="/sales/campaigns" aria-label="Back to the campaigns" className={styles.back}>
          <Icon name="back" size={18} />
        </Link>
        <div className={sales.grow}>
          <h1>
            <bdi>{campaign.name}</bdi>
          </h1>
          <p>
            <Chip tone={STATUS_TONES[campaign.status]}>{humanise(campaign.status)}</Chip>
            <Chip quiet>{CHANNELS[campaign.channel]}</Chip>
            <span>{owner ? `looked after by ${owner}` : "nobody’s"}</span>
          </p>
        </div>
        <Group gap="xs">
          {steps.map(({ status, label }, index) =>
            status === "finished" ? (
              <ConfirmButton
                key={status}
                label={label}
                question={`“${campaign.name}” ends for good; what is still planned is not sent.`}
                confirm="Finish it"
                busy={edit.isPending && edit.variables.status === status}
                disabled={edit.isPending}
                run={() => edit.mutate({ status })}
              />
            ) : (
              <Button
                key={status}
                variant={index === 0 ? "filled" : "default"}
                loading={edit.isPending && edit.variables.status === status}
                disabled={edit.isPending}
                onClick={() => edit.mutate({ status })}
              >
                {label}
              </Button>
            ),
          )}
        </Group>
      </header>
      <div className={styles.detailBody}>
        <CampaignForm key={campaign.version} campaign={campaign} />
        <div className={styles.side}>
          <Funnel campaign={campaign} />
          <Members campaign={campaign} />
        </div>
      </div>
    </div>
  );
}

function CampaignForm({ campaign }: { campaign: CampaignView }) {
  const may = mayWrite(useMe()) && campaign.status !== "finished";
  const edit = useCampaignEdit(campaign);
  const { values, set, changed, isChanged } = useFields(draftOf(campaign));
  const canSave = isChanged && Object.keys(problemsOf(values)).length === 0;
  return (
    <form
      className={styles.fields}
      aria-label="Details"
      onSubmit={(event) => {
        event.preventDefault();
        if (canSave) edit.mutate(patchOf(changed));
      }}
    >
      <CampaignFields draft={values} set={set} disabled={!may} />
      {campaign.status === "finished" ? (
        <p className={sales.quiet}>It is finished: what it said and to whom stays as it was.</p>
      ) : (
        may && (
          <div>
            <Button type="submit" disabled={!canSave} loading={edit.isPending}>
              Save
            </Button>
          </div>
        )
      )}
    </form>
  );
}
