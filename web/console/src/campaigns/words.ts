/** Campaigns in words. */
import type { Audience, CampaignMember, CampaignView } from "../api/types";
import { count } from "../shared/numbers";
import type { Tone } from "../shared/words";

export const CHANNELS = { email: "E-mail", chat: "Chat" } as const;

export const STATUS_TONES: Record<CampaignView["status"], Tone> = {
  draft: "neutral",
  running: "good",
  paused: "warn",
  finished: "neutral",
};

/** How many of an audience a campaign may approach: "120 of 480 customers allow e-mail". */
export function reach(audience: Audience, channel: CampaignView["channel"], locale?: string): string {
  const by = channel === "email" ? "e-mail" : "messages in the chat";
  return `${count(audience.allowing, locale)} of ${count(audience.customers, locale)} customers allow ${by}`;
}

/** What a member's newest touch came to. */
export function touched(touch: CampaignMember["touch"]): { label: string; tone: Tone } {
  if (!touch) return { label: "nothing planned", tone: "neutral" };
  switch (touch.status) {
    case "planned":
      return { label: "planned", tone: "neutral" };
    case "skipped":
      return { label: `skipped: ${touch.skip_reason ?? "put aside"}`, tone: "warn" };
    case "converted":
      return { label: "bought", tone: "good" };
    case "answered":
      return { label: "answered", tone: "good" };
    default:
      return { label: touch.status, tone: "accent" };
  }
}

/** The ways on from a status, the most likely first. */
export function nextSteps(
  status: CampaignView["status"],
): { status: CampaignView["status"]; label: string }[] {
  switch (status) {
    case "draft":
      return [{ status: "running", label: "Start" }];
    case "running":
      return [
        { status: "paused", label: "Pause" },
        { status: "finished", label: "Finish" },
      ];
    case "paused":
      return [
        { status: "running", label: "Go on" },
        { status: "finished", label: "Finish" },
      ];
    case "finished":
      return [];
  }
}
