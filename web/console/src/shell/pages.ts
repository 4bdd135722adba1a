import type { Staff } from "../api/types";
import { maySeeInsights } from "../auth/may";
import type { IconName } from "../shared/Icon";

export interface Page {
  to: "/" | "/tickets" | "/sales" | "/customers" | "/duplicates" | "/transcripts" | "/insights";
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
];

/** The pages that this member of staff may open. */
export function pagesFor(me: Staff): Page[] {
  return PAGES.filter(
    (page) => (!page.adminOnly || me.role === "admin") && (page.to !== "/insights" || maySeeInsights(me)),
  );
}
