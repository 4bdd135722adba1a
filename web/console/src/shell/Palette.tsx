import { Spotlight, type SpotlightActionData } from "@mantine/spotlight";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMe } from "../auth/session";
import { VIEWS } from "../inbox/views";
import { Icon } from "../shared/Icon";
import { pagesFor } from "./pages";
import { useLogOut } from "./useLogOut";

/** Ctrl/⌘-K: every page and view, and a search from anywhere. */
export function Palette({ openHelp }: { openHelp: () => void }) {
  const me = useMe();
  const navigate = useNavigate();
  const logOut = useLogOut();
  const [query, setQuery] = useState("");
  const q = query.trim();

  const actions: SpotlightActionData[] = [
    ...VIEWS.map((view) => ({
      id: `view-${view.name}`,
      label: `Inbox: ${view.label}`,
      leftSection: <Icon name={view.icon} size={18} />,
      onClick: () => void navigate({ to: "/inbox/$view", params: { view: view.name } }),
    })),
    ...pagesFor(me)
      .filter((page) => page.section !== "/inbox")
      .map((page) => ({
        id: page.to,
        label: page.label,
        leftSection: <Icon name={page.icon} size={18} />,
        onClick: () => void navigate({ to: page.to }),
      })),
    {
      id: "shortcuts",
      label: "Keyboard shortcuts",
      leftSection: <Icon name="keyboard" size={18} />,
      onClick: openHelp,
    },
    {
      id: "log-out",
      label: "Log out",
      leftSection: <Icon name="person" size={18} />,
      onClick: () => void logOut(),
    },
  ];
  const searches: SpotlightActionData[] = q
    ? [
        {
          id: "find-customer",
          label: `Search customers for “${q}”`,
          keywords: query,
          leftSection: <Icon name="people" size={18} />,
          onClick: () => void navigate({ to: "/customers", search: { q } }),
        },
        ...(me.role === "admin"
          ? [
              {
                id: "find-transcript",
                label: `Search transcripts for “${q}”`,
                keywords: query,
                leftSection: <Icon name="transcript" size={18} />,
                onClick: () => void navigate({ to: "/transcripts", search: { q } }),
              },
            ]
          : []),
      ]
    : [];

  return (
    <Spotlight
      actions={[...actions, ...searches]}
      query={query}
      onQueryChange={setQuery}
      shortcut={["mod + K"]}
      highlightQuery
      nothingFound="Nothing by that name"
      searchProps={{
        leftSection: <Icon name="search" size={18} />,
        placeholder: "Find a page, a view, a customer…",
        "aria-label": "Find anything",
      }}
    />
  );
}
