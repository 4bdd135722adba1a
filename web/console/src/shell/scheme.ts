import type { MantineColorScheme } from "@mantine/core";

export const SCHEMES: { value: MantineColorScheme; label: string }[] = [
  { value: "auto", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** The shared tokens follow the system unless the root element says otherwise. */
export function applyScheme(scheme: MantineColorScheme): void {
  if (scheme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = scheme;
}
