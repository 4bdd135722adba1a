import type { Staff } from "../api/types";
import { mayManageSettings, maySeeInsights } from "../auth/may";
import { SALES_PARTS } from "../sales/parts";
import { SETTINGS } from "../settings/sections";
import type { IconName } from "../shared/Icon";

export interface Page {
  to: "/" | "/tickets" | "/sales" | "/customers" | "/duplicates" | "/transcripts" | "/insights" | "/settings";
  section: string;
  label: string;
  icon: IconName;
  /** The second key after g. */
  key: string;
  adminOnly: boolean;
}

const PAGES: readonly Page[] = [
  { to: "/", section: "/inbox", label: "Inbox", icon: "inbox", key: "i", adminOnly: false },
  { to: "/tickets", section: "/tickets", label: "Tickets", icon: "ticket", key: "k", adminOnly: false },
  { to: "/sales", section: "/sales", label: "Sales", icon: "deal", key: "p", adminOnly: false },
  { to: "/customers", section: "/customers", label: "Customers", icon: "people", key: "c", adminOnly: false },
  { to: "/duplicates", section: "/duplicates", label: "Duplicates", icon: "merge", key: "d", adminOnly: true },
  { to: "/transcripts", section: "/transcripts", label: "Transcripts", icon: "transcript", key: "t", adminOnly: true },
  { to: "/insights", section: "/insights", label: "Insights", icon: "chart", key: "s", adminOnly: false },
  { to: "/settings", section: "/settings", label: "Settings", icon: "settings", key: ",", adminOnly: true },
];

/** The pages that this member of staff may open. */
export function pagesFor(me: Staff): Page[] {
  return PAGES.filter(
    (page) => (!page.adminOnly || me.role === "admin") && (page.to !== "/insights" || maySeeInsights(me)),
  );
}

/** A part of a page that can be gone to by name, some also by a key after g. */
export interface Place {
  to: "/customers/orders" | (typeof SALES_PARTS)[number]["to"] | (typeof SETTINGS)[number]["to"];
  label: string;
  icon: IconName;
  key?: string;
}

/** What lies inside the pages that this member of staff may open. */
export function placesFor(me: Staff): Place[] {
  const orders: Place = { to: "/customers/orders", label: "Orders", icon: "table" };
  const sales = SALES_PARTS.filter((part) => part.to !== "/sales").map((part) => ({
    ...part,
    label: `Sales: ${part.label}`,
  }));
  if (!mayManageSettings(me)) return [orders, ...sales];
  return [orders, ...sales, ...SETTINGS.map(({ to, label, icon }) => ({ to, label: `Settings: ${label}`, icon }))];
}
