import { expect, test } from "vitest";
import { draftOf as accountDraft, isComplete, patchOf as accountPatch } from "../src/accounts/AccountFields";
import { readAccounts } from "../src/accounts/filters";
import type { AccountView, CampaignView } from "../src/api/types";
import { draftOf, patchOf, problemsOf } from "../src/campaigns/CampaignFields";
import { nextSteps, reach, touched } from "../src/campaigns/words";

const CAMPAIGN = {
  name: "Spring",
  goal: "",
  channel: "email",
  message: "Hello",
  segment_id: null,
  starts_at: "2026-03-01T08:30:00.000Z",
  ends_at: null,
  max_touches: 1,
  within_days: 7,
  owner_id: "ann",
} as unknown as CampaignView;

test("a campaign goes through a form and back", () => {
  const patch = patchOf(draftOf(CAMPAIGN));
  expect(patch.starts_at).toBe(CAMPAIGN.starts_at);
  expect(patch.ends_at).toBeNull();
  expect(patch).toMatchObject({ name: "Spring", max_touches: 1, within_days: 7, owner_id: "ann" });
});

test("a campaign ends after it starts", () => {
  const draft = draftOf(CAMPAIGN);
  expect(problemsOf(draft)).toEqual({});
  expect(problemsOf({ ...draft, name: " ", ends_at: draft.starts_at })).toEqual({
    name: "It needs a name",
    ends_at: "It ends after it starts",
  });
});

test("an audience says how many of it may be approached", () => {
  const audience = { segment_id: "s", name: "Loyal", description: "", customers: 1480, allowing: 120 };
  expect(reach(audience, "email", "en")).toBe("120 of 1,480 customers allow e-mail");
});

test("a skipped touch says why", () => {
  const touch = { status: "skipped", skip_reason: "no consent" } as Parameters<typeof touched>[0];
  expect(touched(touch).label).toBe("skipped: no consent");
  expect(touched(null).label).toBe("nothing planned");
});

test("a finished campaign goes nowhere", () => {
  expect(nextSteps("draft").map((step) => step.status)).toEqual(["running"]);
  expect(nextSteps("finished")).toEqual([]);
});

test("an account's blanks are sent as nothing known", () => {
  const account = { name: "Bergsport", website: null, industry: null, employees: null, country: null, owner_id: null, notes: "" };
  const draft = accountDraft(account as unknown as AccountView);
  expect(accountPatch(draft)).toEqual(account);
  expect(accountPatch({ country: " Germany ", employees: "12" })).toEqual({ country: "Germany", employees: 12 });
  expect(isComplete(draft)).toBe(true);
  expect(isComplete({ ...draft, name: " " })).toBe(false);
});

test("an address with other things in it is read for what is ours", () => {
  expect(readAccounts({ q: "berg", owner: "somebody", sort: "name", page: 3 })).toEqual({ q: "berg" });
});
