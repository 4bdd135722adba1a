import { Button, Select } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { CampaignView } from "../api/types";
import { mayWrite } from "../auth/may";
import { useMe } from "../auth/session";
import { useColleague } from "../sales/colleagues";
import { SalesNav } from "../sales/SalesNav";
import sales from "../sales/Sales.module.css";
import { Chip } from "../shared/Chip";
import { EndlessRows, type RowPlace } from "../shared/EndlessRows";
import { count } from "../shared/numbers";
import { SearchField } from "../shared/SearchField";
import { Empty, Failed, Loading } from "../shared/States";
import { dateOnly } from "../shared/time";
import { humanise } from "../shared/words";
import styles from "./Campaigns.module.css";
import { CAMPAIGN_STATUSES, type CampaignSearch, readCampaigns } from "./filters";
import { NewCampaign } from "./NewCampaign";
import { campaignsQuery } from "./queries";
import { CHANNELS, STATUS_TONES } from "./words";

const ROW_HEIGHT = 72;

export function CampaignsPage() {
  const me = useMe();
  const search = useSearch({ from: "/in/sales/campaigns" });
  const navigate = useNavigate();
  const query = useInfiniteQuery(campaignsQuery(search));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const [adding, { open, close }] = useDisclosure(false);
  const show = (change: { [name in keyof CampaignSearch]: string | null }) =>
    void navigate({ to: "/sales/campaigns", search: readCampaigns({ ...search, ...change }), replace: true });
  const add = mayWrite(me) && <Button onClick={open}>New campaign</Button>;
  return (
    <div className={sales.page}>
      <SalesNav title="Campaigns">
        <SearchField
          label="Search campaigns"
          placeholder="Name of a campaign"
          q={search.q ?? ""}
          change={(q) => show({ q })}
          className={sales.search ?? ""}
        />
        <Select
          size="xs"
          aria-label="Status"
          placeholder="Any status"
          clearable
          data={CAMPAIGN_STATUSES.map((value) => ({ value, label: humanise(value) }))}
          value={search.status ?? null}
          onChange={(status) => show({ status })}
        />
        {add}
      </SalesNav>
      {query.isPending ? (
        <Loading rows={6} height={56} />
      ) : query.isError && rows.length === 0 ? (
        <Failed what="The campaigns could not be loaded." error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Empty
          title={search.q ? `No campaign matches “${search.q}”` : "No campaigns here"}
          icon="megaphone"
          action={
            Object.keys(search).length > 0 ? (
              <Button variant="default" onClick={() => void navigate({ to: "/sales/campaigns", search: {} })}>
                Show all campaigns
              </Button>
            ) : (
              add
            )
          }
        >
          A campaign says something to a group of customers and leads: to those who allow it, and not too often.
        </Empty>
      ) : (
        <EndlessRows rows={rows} rowHeight={ROW_HEIGHT} query={query}>
          {(campaign, place) => <CampaignRow key={campaign.id} campaign={campaign} {...place} />}
        </EndlessRows>
      )}
      <NewCampaign opened={adding} close={close} />
    </div>
  );
}

function CampaignRow({ campaign, top, height }: { campaign: CampaignView } & RowPlace) {
  const owner = useColleague(campaign.owner_id);
  const { funnel } = campaign;
  const steps = [
    { label: "in it", value: funnel.members },
    { label: "sent", value: funnel.sent },
    { label: "answered", value: funnel.answered },
    { label: "bought", value: funnel.converted },
  ];
  return (
    <Link
      to="/sales/campaigns/$campaignId"
      params={{ campaignId: campaign.id }}
      className={styles.row}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      <span className={styles.what}>
        <bdi className={`${styles.name} cut`}>{campaign.name}</bdi>
        <span className={`${sales.quiet} cut`}>{campaign.goal || "no goal named"}</span>
      </span>
      <span className={styles.chips}>
        <Chip tone={STATUS_TONES[campaign.status]}>{humanise(campaign.status)}</Chip>
        <Chip quiet>{CHANNELS[campaign.channel]}</Chip>
      </span>
      <span className={styles.steps}>
        {steps.map(({ label, value }) => (
          <span key={label}>
            <b className="figures">{count(value)}</b> {label}
          </span>
        ))}
      </span>
      <span className={styles.who}>
        <span className="cut">{owner ?? "nobody’s"}</span>
        <span className={sales.quiet}>
          {campaign.starts_at ? `from ${dateOnly(new Date(campaign.starts_at))}` : "no first day"}
        </span>
      </span>
    </Link>
  );
}
