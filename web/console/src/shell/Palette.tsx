import { Modal } from "@mantine/core";
import { Spotlight } from "@mantine/spotlight";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMe } from "../auth/session";
import { VIEWS } from "../inbox/views";
import { Icon, type IconName } from "../shared/Icon";
import { pagesFor, placesFor } from "./pages";
import { useLogOut } from "./useLogOut";

interface Action {
  label: string;
  icon: IconName;
  run: () => void;
}

/** Ctrl/⌘-K: every page and view, and a search from anywhere. */
export function Palette({ openHelp }: { openHelp: () => void }) {
  const me = useMe();
  const navigate = useNavigate();
  const logOut = useLogOut();
  const [query, setQuery] = useState("");
  const q = query.trim();

  const known: Action[] = [
    ...VIEWS.map((view) => ({
      label: `Inbox: ${view.label}`,
      icon: view.icon,
      run: () => void navigate({ to: "/inbox/$view", params: { view: view.name } }),
    })),
    ...pagesFor(me)
      .filter((page) => page.section !== "/inbox")
      .map((page) => ({
        label: page.label,
        icon: page.icon,
        run: () => void navigate({ to: page.to }),
      })),
    ...placesFor(me).map((place) => ({
      label: place.label,
      icon: place.icon,
      run: () => void navigate({ to: place.to }),
    })),
    { label: "Keyboard shortcuts", icon: "keyboard", run: openHelp },
    { label: "Log out", icon: "person", run: () => void logOut() },
  ];
  const searches: Action[] = [
    {
      label: `Search customers for “${q}”`,
      icon: "people",
      run: () => void navigate({ to: "/customers", search: { q } }),
    },
  ];
  searches.push(
    {
      label: `Search tickets for “${q}”`,
      icon: "ticket",
      run: () => void navigate({ to: "/tickets", search: { q } }),
    },
    {
      label: `Search accounts for “${q}”`,
      icon: "company",
      run: () => void navigate({ to: "/sales/accounts", search: { q } }),
    },
  );
  if (me.role === "admin") {
    searches.push({
      label: `Search transcripts for “${q}”`,
      icon: "transcript",
      run: () => void navigate({ to: "/transcripts", search: { q } }),
    });
  }
  const shown = q
    ? [...known.filter((action) => action.label.toLowerCase().includes(q.toLowerCase())), ...searches]
    : known;

  return (
    <Spotlight.Root query={query} onQueryChange={setQuery} shortcut={["mod + K"]} overlayProps={{ blur: 0 }}>
      <Modal.Title className="sr-only">Find anything</Modal.Title>
      <Spotlight.Search
        leftSection={<Icon name="search" size={18} />}
        placeholder="Find a page, a view, a customer…"
        aria-label="Find anything"
      />
      <Spotlight.ActionsList>
        {shown.map((action) => (
          <Spotlight.Action
            key={action.label}
            label={action.label}
            leftSection={<Icon name={action.icon} size={18} />}
            onClick={action.run}
          />
        ))}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
