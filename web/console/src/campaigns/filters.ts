/** What the list of campaigns is narrowed to; it lives in the address. */

export const CAMPAIGN_STATUSES = ["draft", "running", "paused", "finished"] as const;

export interface CampaignSearch {
  q?: string;
  status?: (typeof CAMPAIGN_STATUSES)[number];
  owner?: "me" | "none";
}

export function readCampaigns(raw: Record<string, unknown>): CampaignSearch {
  const status = CAMPAIGN_STATUSES.find((one) => one === raw.status);
  return {
    ...(typeof raw.q === "string" && raw.q ? { q: raw.q } : {}),
    ...(status ? { status } : {}),
    ...(raw.owner === "me" || raw.owner === "none" ? { owner: raw.owner } : {}),
  };
}
