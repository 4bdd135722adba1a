import type { Staff } from "../api/types";

/** Whether this member of staff answers, hands on and changes things; analysts only read. */
export function mayWrite(me: Staff): boolean {
  return me.role !== "analyst";
}

/** Whether this member of staff sees what is counted over all conversations. */
export function maySeeInsights(me: Staff): boolean {
  return me.role !== "agent";
}

/** Whether this member of staff decides how the desk works: promises, hours, pipelines. */
export function mayManageSettings(me: Staff): boolean {
  return me.role === "admin";
}
