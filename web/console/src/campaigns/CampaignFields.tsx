import { NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { CampaignPatch, CampaignView } from "../api/types";
import { useSellers } from "../sales/colleagues";
import styles from "../sales/Opportunity.module.css";
import { AudienceField } from "./AudienceField";
import { audiencesQuery } from "./queries";
import { CHANNELS } from "./words";

/** A campaign as it stands in a form; times are the reader's own wall clock. */
export interface CampaignDraft {
  name: string;
  goal: string;
  channel: CampaignView["channel"];
  message: string;
  segment_id: string | null;
  starts_at: string;
  ends_at: string;
  max_touches: string | number;
  within_days: string | number;
  owner_id: string | null;
}

export function draftOf(campaign: CampaignView): CampaignDraft {
  return {
    name: campaign.name,
    goal: campaign.goal,
    channel: campaign.channel,
    message: campaign.message,
    segment_id: campaign.segment_id,
    starts_at: wallClock(campaign.starts_at),
    ends_at: wallClock(campaign.ends_at),
    max_touches: campaign.max_touches,
    within_days: campaign.within_days,
    owner_id: campaign.owner_id,
  };
}

/** What of a draft is sent. */
export function patchOf(draft: Partial<CampaignDraft>): CampaignPatch {
  const patch: CampaignPatch = {};
  if (draft.name !== undefined) patch.name = draft.name.trim();
  if (draft.goal !== undefined) patch.goal = draft.goal.trim();
  if (draft.channel !== undefined) patch.channel = draft.channel;
  if (draft.message !== undefined) patch.message = draft.message.trim();
  if (draft.segment_id !== undefined) patch.segment_id = draft.segment_id;
  if (draft.starts_at !== undefined) patch.starts_at = instant(draft.starts_at);
  if (draft.ends_at !== undefined) patch.ends_at = instant(draft.ends_at);
  if (draft.max_touches !== undefined) patch.max_touches = Number(draft.max_touches);
  if (draft.within_days !== undefined) patch.within_days = Number(draft.within_days);
  if (draft.owner_id !== undefined) patch.owner_id = draft.owner_id;
  return patch;
}

/** What is wrong with a draft, by field; empty when it can be stored. */
export function problemsOf(draft: CampaignDraft): Partial<Record<keyof CampaignDraft, string>> {
  return {
    ...(draft.name.trim() ? {} : { name: "It needs a name" }),
    ...(draft.starts_at && draft.ends_at && draft.ends_at <= draft.starts_at
      ? { ends_at: "It ends after it starts" }
      : {}),
    ...(draft.max_touches === "" ? { max_touches: "1 to 100" } : {}),
    ...(draft.within_days === "" ? { within_days: "1 to 365" } : {}),
  };
}

/** An instant as a field of the kind datetime-local shows it. */
function wallClock(at: string | null): string {
  if (!at) return "";
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

function instant(typed: string): string | null {
  return typed ? new Date(typed).toISOString() : null;
}

interface FieldsProps {
  draft: CampaignDraft;
  set: (change: Partial<CampaignDraft>) => void;
  disabled?: boolean;
  autoFocus?: boolean;
}

export function CampaignFields({ draft, set, disabled = false, autoFocus }: FieldsProps) {
  const sellers = useSellers();
  const problems = problemsOf(draft);
  const audiences = useQuery(audiencesQuery(draft.channel));
  return (
    <>
      <TextInput
        label="Name"
        required
        maxLength={200}
        dir="auto"
        disabled={disabled}
        value={draft.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        {...(autoFocus ? { "data-autofocus": true } : {})}
      />
      <TextInput
        label="Goal"
        placeholder="Forty orders of tents before the summer"
        maxLength={500}
        dir="auto"
        disabled={disabled}
        value={draft.goal}
        onChange={(event) => set({ goal: event.currentTarget.value })}
      />
      <div className={styles.two}>
        <Select
          label="Channel"
          allowDeselect={false}
          disabled={disabled}
          data={Object.entries(CHANNELS).map(([value, label]) => ({ value, label }))}
          value={draft.channel}
          onChange={(channel) => set({ channel: (channel ?? "email") as CampaignDraft["channel"] })}
        />
        <AudienceField
          audiences={audiences}
          channel={draft.channel}
          value={draft.segment_id}
          choose={(segment_id) => set({ segment_id })}
          disabled={disabled}
        />
      </div>
      <Textarea
        label="What is said"
        autosize
        minRows={3}
        maxRows={12}
        maxLength={4_000}
        dir="auto"
        disabled={disabled}
        value={draft.message}
        onChange={(event) => set({ message: event.currentTarget.value })}
      />
      <div className={styles.two}>
        <TextInput
          type="datetime-local"
          label="Not before"
          disabled={disabled}
          value={draft.starts_at}
          onChange={(event) => set({ starts_at: event.currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label="Not after"
          disabled={disabled}
          error={problems.ends_at}
          value={draft.ends_at}
          onChange={(event) => set({ ends_at: event.currentTarget.value })}
        />
        <NumberInput
          label="At most so many times"
          description="from all campaigns together"
          inputWrapperOrder={["label", "input", "description", "error"]}
          min={1}
          max={100}
          allowDecimal={false}
          disabled={disabled}
          error={problems.max_touches}
          value={draft.max_touches}
          onChange={(max_touches) => set({ max_touches })}
        />
        <NumberInput
          label="Within so many days"
          description="for each person"
          inputWrapperOrder={["label", "input", "description", "error"]}
          min={1}
          max={365}
          allowDecimal={false}
          disabled={disabled}
          error={problems.within_days}
          value={draft.within_days}
          onChange={(within_days) => set({ within_days })}
        />
        <Select
          label="Owner"
          placeholder="Nobody"
          clearable
          searchable
          disabled={disabled}
          data={sellers}
          value={draft.owner_id}
          onChange={(owner_id) => set({ owner_id })}
        />
      </div>
    </>
  );
}
