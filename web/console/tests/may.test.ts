import { expect, test } from "vitest";
import type { Staff } from "../src/api/types";
import { mayWrite } from "../src/auth/may";
import { pagesFor } from "../src/shell/pages";

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
