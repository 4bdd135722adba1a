/** The settings, grouped by what they decide. */
export const SETTINGS = [
  { to: "/settings/pipelines", group: "Sales", label: "Pipelines", icon: "deal" },
  { to: "/settings/service-levels", group: "Service", label: "Service levels", icon: "clock" },
  { to: "/settings/hours", group: "Service", label: "Opening hours", icon: "table" },
  { to: "/settings/widget", group: "Chat", label: "Widget", icon: "transcript" },
] as const;

export const GROUPS = [...new Set(SETTINGS.map((section) => section.group))];
