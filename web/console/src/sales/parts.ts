/** The parts of sales, in the order of their tabs. */
export const SALES_PARTS = [
  { to: "/sales", label: "Pipeline", icon: "deal" },
  { to: "/sales/leads", label: "Leads", icon: "person" },
  { to: "/sales/accounts", label: "Accounts", icon: "company", key: "a" },
  { to: "/sales/campaigns", label: "Campaigns", icon: "megaphone", key: "m" },
  { to: "/sales/tasks", label: "Tasks", icon: "check" },
  { to: "/sales/report", label: "Report", icon: "chart" },
] as const;
