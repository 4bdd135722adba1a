import { Button, CloseButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type QueryClient, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { CampaignMember, CampaignView } from "../api/types";
import { mayWrite } from "../auth/may";
import { useMe } from "../auth/session";
import { customerChoices } from "../customers/queries";
import detail from "../sales/Opportunity.module.css";
import sales from "../sales/Sales.module.css";
import { Chip } from "../shared/Chip";
import { count } from "../shared/numbers";
import { type Choice, RemoteSelect } from "../shared/RemoteSelect";
import { Failed, Loading } from "../shared/States";
import styles from "./Campaigns.module.css";
import { membersQuery } from "./queries";
import { touched } from "./words";

function renew(client: QueryClient, campaignId: string) {
  void client.invalidateQueries({ queryKey: keys.campaign(campaignId) });
  void client.invalidateQueries({ queryKey: keys.members(campaignId) });
  void client.invalidateQueries({ queryKey: [...keys.allCampaigns, "list"] });
}

/** Who is in the campaign, and what the newest touch of each came to. */
export function Members({ campaign }: { campaign: CampaignView }) {
  const may = mayWrite(useMe()) && campaign.status !== "finished";
  const query = useInfiniteQuery(membersQuery(campaign.id));
  const members = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-label="People in it">
      <div className={detail.sideHead}>
        <h2>
          People in it <span className={sales.quiet}>{count(campaign.funnel.members)}</span>
        </h2>
      </div>
      {may && <Add campaign={campaign} />}
      {query.isPending ? (
        <Loading rows={3} height={32} />
      ) : query.isError && members.length === 0 ? (
        <Failed small what="The people could not be loaded." error={query.error} retry={() => void query.refetch()} />
      ) : members.length === 0 ? (
        <p className={sales.quiet}>Nobody is in it yet.</p>
      ) : (
        <ul className={styles.members}>
          {members.map((member) => (
            <Member key={member.id} member={member} campaign={campaign} may={may} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <Button
          variant="default"
          mt="sm"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </section>
  );
}

interface MemberProps {
  member: CampaignMember;
  campaign: CampaignView;
  may: boolean;
}

function Member({ member, campaign, may }: MemberProps) {
  const client = useQueryClient();
  const { label, tone } = touched(member.touch);
  const remove = useMutation({
    mutationFn: () => {
      const params = { path: { campaign_id: campaign.id, member_id: member.id } };
      return unwrap(api.DELETE("/api/v1/campaigns/{campaign_id}/members/{member_id}", { params }));
    },
    onSuccess: () => renew(client, campaign.id),
    onError: (error) =>
      notifications.show({ color: "red", title: `${member.name} stays in it`, message: reasonOf(error) }),
  });
  return (
    <li>
      {member.customer_id ? (
        <Link to="/customers/$customerId" params={{ customerId: member.customer_id }} className="cut">
          <bdi>{member.name}</bdi>
        </Link>
      ) : (
        <span className="cut">
          <bdi>{member.name}</bdi> <span className={sales.quiet}>lead</span>
        </span>
      )}
      <Chip tone={tone} quiet={tone === "neutral"}>
        {label}
      </Chip>
      {may && !member.touch?.sent_at && (
        <CloseButton
          size="sm"
          aria-label={`Take ${member.name} out`}
          disabled={remove.isPending}
          onClick={() => remove.mutate()}
        />
      )}
    </li>
  );
}

/** People put in by segment or by name, and touches planned for those who wait for one. */
function Add({ campaign }: { campaign: CampaignView }) {
  const client = useQueryClient();
  const [customer, setCustomer] = useState<Choice | null>(null);
  const params = { path: { campaign_id: campaign.id } };
  const add = useMutation({
    mutationFn: (customer_ids: string[]) =>
      unwrap(api.POST("/api/v1/campaigns/{campaign_id}/members", { params, body: { customer_ids, lead_ids: [] } })),
    onSuccess: ({ count: added }) => {
      setCustomer(null);
      renew(client, campaign.id);
      notifications.show({
        message: added === 0 ? "They were in it already." : `${count(added)} put in.`,
      });
    },
    onError: (error) => notifications.show({ color: "red", title: "Nobody was put in", message: reasonOf(error) }),
  });
  const plan = useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/campaigns/{campaign_id}/plan", { params, body: {} })),
    onSuccess: ({ count: planned }) => {
      renew(client, campaign.id);
      notifications.show({
        message:
          planned === 0
            ? "Everybody has something planned already."
            : `${count(planned)} planned. Who does not allow it when their turn comes is skipped.`,
      });
    },
    onError: (error) => notifications.show({ color: "red", title: "Nothing was planned", message: reasonOf(error) }),
  });
  return (
    <>
      <RemoteSelect
        label="Put somebody in"
        placeholder="Name, e-mail or phone"
        nothing="Nobody like that"
        value={customer}
        choose={(choice) => {
          setCustomer(choice);
          if (choice) add.mutate([choice.value]);
        }}
        search={customerChoices}
      />
      <div className={styles.actions} style={{ marginTop: "var(--space-2)" }}>
        {campaign.segment_id && (
          <Button variant="default" loading={add.isPending} onClick={() => add.mutate([])}>
            Put in the whole audience
          </Button>
        )}
        {campaign.funnel.members > 0 && (
          <Button variant="default" loading={plan.isPending} onClick={() => plan.mutate()}>
            Plan a touch for each
          </Button>
        )}
      </div>
    </>
  );
}
