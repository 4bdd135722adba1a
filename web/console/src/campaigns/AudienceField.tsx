import { Select } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { reasonOf } from "../api/problems";
import type { Audience, CampaignView } from "../api/types";
import { count } from "../shared/numbers";
import { reach } from "./words";

interface AudienceProps {
  audiences: UseQueryResult<{ items: Audience[] }>;
  channel: CampaignView["channel"];
  value: string | null;
  choose: (segment: string | null) => void;
  disabled: boolean;
}

/** To which segment the campaign goes, and how many of it allow the channel. */
export function AudienceField({ audiences, channel, value, choose, disabled }: AudienceProps) {
  const items = audiences.data?.items ?? [];
  const chosen = items.find((one) => one.segment_id === value);
  return (
    <Select
      label="Audience"
      placeholder={items.length > 0 ? "People chosen one by one" : "No segments yet"}
      clearable
      disabled={disabled}
      data={items.map((one) => ({
        value: one.segment_id,
        label: `${one.name} · ${count(one.allowing)} of ${count(one.customers)}`,
      }))}
      value={value}
      onChange={choose}
      error={audiences.isError ? reasonOf(audiences.error) : null}
      description={
        chosen
          ? `${reach(chosen, channel)}; the others are skipped`
          : "Segments come from the analysis of customers"
      }
      inputWrapperOrder={["label", "input", "description", "error"]}
    />
  );
}
