import { AppShell } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useMe } from "../auth/session";
import { WhyProvider } from "../explain/Why";
import { LiveProvider, useLiveState } from "../live/Live";
import { Icon } from "../shared/Icon";
import { NavBar } from "./NavBar";
import { pagesFor, placesFor } from "./pages";
import styles from "./Shell.module.css";
import { useShortcuts } from "./shortcuts";
import { ShortcutsHelp } from "./ShortcutsHelp";
import { TabBar } from "./TabBar";

const Palette = lazy(async () => ({ default: (await import("./Palette")).Palette }));

const Reminders = lazy(async () => ({ default: (await import("../sales/Reminders")).Reminders }));

export function Shell() {
  return (
    <LiveProvider>
      <WhyProvider>
        <Frame />
      </WhyProvider>
    </LiveProvider>
  );
}

function Frame() {
  const me = useMe();
  const navigate = useNavigate();
  const location = useLocation();
  const isPhone = useMediaQuery("(max-width: 47.99em)") ?? false;
  const [help, { open: openHelp, close: closeHelp }] = useDisclosure(false);
  const live = useLiveState();
  const [shownOffline, setShownOffline] = useState(false);

  useShortcuts([
    { keys: "?", run: openHelp },
    { keys: "/", run: focusSearch },
    ...pagesFor(me).map((page) => ({
      keys: `g ${page.key}`,
      run: () => void navigate({ to: page.to }),
    })),
    ...placesFor(me).flatMap((place) =>
      place.key ? [{ keys: `g ${place.key}`, run: () => void navigate({ to: place.to }) }] : [],
    ),
  ]);

  // A blink of the network is not worth a banner.
  useEffect(() => {
    if (live !== "offline") {
      setShownOffline(false);
      return;
    }
    const timer = setTimeout(() => setShownOffline(true), 1_500);
    return () => clearTimeout(timer);
  }, [live]);

  // One pane at a time: inside a conversation the phone has no room for tabs.
  const inside = /^\/inbox\/[^/]+\/[^/]+/.test(location.pathname);
  return (
    <AppShell
      layout="alt"
      padding={0}
      transitionDuration={0}
      navbar={{ width: { base: 0, sm: 60, lg: 212 }, breakpoint: "sm", collapsed: { mobile: true } }}
      footer={{ height: 56, collapsed: !isPhone || inside }}
    >
      <AppShell.Navbar className={styles.nav}>
        {!isPhone && <NavBar openHelp={openHelp} />}
      </AppShell.Navbar>
      <AppShell.Main className={styles.main}>
        {shownOffline && (
          <div className={styles.offline} role="status">
            <Icon name="warning" /> Not connected. New messages will show when the connection is back.
          </div>
        )}
        <div className={styles.content}>
          <Outlet />
        </div>
      </AppShell.Main>
      {isPhone && (
        <AppShell.Footer>
          <TabBar />
        </AppShell.Footer>
      )}
      <ShortcutsHelp opened={help} close={closeHelp} />
      <Suspense fallback={null}>
        <Palette openHelp={openHelp} />
        <Reminders />
      </Suspense>
    </AppShell>
  );
}

function focusSearch(): void {
  document.querySelector<HTMLInputElement>("input[type='search']")?.focus();
}
