import { expect, test } from "vitest";
import type { Staff } from "../src/api/types";
import { mayWrite } from "../src/auth/may";
import { pagesFor, placesFor } from "../src/shell/pages";

function staff(role: Staff["role"]): Staff {
  return { id: role, name: role, email: `${role}@example.org`, role };
}

test("an analyst reads and changes nothing", () => {
  expect(["agent", "analyst", "admin"].map((role) => mayWrite(staff(role as Staff["role"])))).toEqual([
    true,
    false,
    true,
  ]);
});

test("pages that a role may not open are not offered", () => {
  const labels = (role: Staff["role"]) => pagesFor(staff(role)).map((page) => page.label);
  expect(labels("agent")).not.toContain("Insights");
  expect(labels("agent")).not.toContain("Transcripts");
  expect(labels("analyst")).toContain("Insights");
  expect(labels("analyst")).not.toContain("Transcripts");
  expect(labels("admin")).toEqual(expect.arrayContaining(["Insights", "Transcripts"]));
});

test("settings are offered to those who decide them, accounts and campaigns to all who sell", () => {
  const places = (role: Staff["role"]) => placesFor(staff(role)).map((place) => place.label);
  expect(places("agent")).toEqual(expect.arrayContaining(["Sales: Accounts", "Sales: Campaigns"]));
  expect(places("agent").filter((label) => label.startsWith("Settings"))).toEqual([]);
  expect(places("admin")).toEqual(expect.arrayContaining(["Settings: Pipelines", "Settings: Opening hours"]));
  expect(pagesFor(staff("agent")).map((page) => page.label)).not.toContain("Settings");
});

test("no two pages or places answer to the same key", () => {
  const keys = [...pagesFor(staff("admin")), ...placesFor(staff("admin"))].flatMap(({ key }) => key ?? []);
  expect(new Set(keys).size).toBe(keys.length);
});
