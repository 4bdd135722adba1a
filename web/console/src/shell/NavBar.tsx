import { Tooltip } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { Link, useLocation } from "@tanstack/react-router";
import { useMe } from "../auth/session";
import mark from "../app/mark.svg";
import { useCounts } from "../inbox/useCounts";
import { VIEWS } from "../inbox/views";
import { useLiveState } from "../live/Live";
import { Icon } from "../shared/Icon";
import { UserMenu } from "./UserMenu";
import { MOD } from "./keyboard";
import { pagesFor } from "./pages";
import styles from "./Shell.module.css";

const LIVE_WORDS = { live: "Live", connecting: "Connecting…", offline: "Not connected" };

export function NavBar({ openHelp }: { openHelp: () => void }) {
  const me = useMe();
  const { pathname } = useLocation();
  const live = useLiveState();
  const counts = useCounts();
  return (
    <>
      <div className={styles.brand}>
        <img src={mark} width={28} height={28} alt="Kefu" />
        <span className={styles.wide} aria-hidden>
          Kefu
        </span>
      </div>
      <Tooltip label={`Find anything (${MOD} K)`} position="right">
        <button type="button" className={styles.item} onClick={spotlight.open}>
          <Icon name="search" size={18} />
          <span className="sr-only">Find anything</span>
          <span className={`${styles.label} ${styles.wide}`} aria-hidden>
            Find…
          </span>
          <kbd className={styles.wide} aria-hidden>{MOD} K</kbd>
        </button>
      </Tooltip>
      <nav aria-label="Pages">
        {pagesFor(me).map((page) => (
          <div key={page.to}>
            <Tooltip label={`${page.label} (g ${page.key})`} position="right">
              <Link
                to={page.to}
                className={styles.item}
                data-active={pathname.startsWith(page.section)}
                data-parent={page.section === "/inbox"}
                aria-label={page.label}
                {...(pathname.startsWith(page.section) ? { "aria-current": "page" as const } : {})}
              >
                <Icon name={page.icon} size={18} />
                <span className={`${styles.label} ${styles.wide}`}>{page.label}</span>
              </Link>
            </Tooltip>
            {page.section === "/inbox" && (
              <div className={`${styles.views} ${styles.wide}`}>
                {VIEWS.map((view) => (
                  <Link
                    key={view.name}
                    to="/inbox/$view"
                    params={{ view: view.name }}
                    className={styles.item}
                    data-active={pathname.startsWith(`/inbox/${view.name}`)}
                  >
                    <Icon name={view.icon} />
                    <span className={styles.label}>{view.label}</span>
                    <span className={styles.count}>{counts[view.name]}</span>
                  </Link>
                ))}
              </div>
            )}
          </div>
        ))}
      </nav>
      <div className={styles.push} />
      <Tooltip label={LIVE_WORDS[live]} position="right">
        <div className={styles.live} role="status">
          <span className={styles.dot} data-state={live} />
          <span className={styles.wide}>{LIVE_WORDS[live]}</span>
        </div>
      </Tooltip>
      <Tooltip label="Keyboard shortcuts (?)" position="right">
        <button type="button" className={styles.item} onClick={openHelp} aria-label="Keyboard shortcuts">
          <Icon name="keyboard" size={18} />
          <span className={`${styles.label} ${styles.wide}`}>Shortcuts</span>
          <kbd className={styles.wide}>?</kbd>
        </button>
      </Tooltip>
      <UserMenu />
    </>
  );
}
