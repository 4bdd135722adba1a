import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { CampaignPatch, CampaignView } from "../api/types";

/** Change a campaign, its status included; refused, the reason is told and it is read again. */
export function useCampaignEdit(campaign: CampaignView) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: CampaignPatch) =>
      unwrap(
        api.PATCH("/api/v1/campaigns/{campaign_id}", {
          params: { path: { campaign_id: campaign.id } },
          body: { version: campaign.version, ...change },
        }),
      ),
    onSuccess: (changed) => {
      client.setQueryData(keys.campaign(campaign.id), changed);
      void client.invalidateQueries({ queryKey: [...keys.allCampaigns, "list"] });
    },
    onError: (error) => {
      notifications.show({ color: "red", title: "The campaign was not changed", message: reasonOf(error) });
      void client.invalidateQueries({ queryKey: keys.campaign(campaign.id) });
    },
  });
}
