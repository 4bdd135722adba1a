import { Link, useLocation } from "@tanstack/react-router";
import { useMe } from "../auth/session";
import { Icon } from "../shared/Icon";
import { pagesFor } from "./pages";
import styles from "./Shell.module.css";
import { UserMenu } from "./UserMenu";

/** So many labels fit side by side on the narrowest phone. */
const LABELS_THAT_FIT = 5;

/** The phone's navigation, within reach of a thumb; with many pages only the open one is named. */
export function TabBar() {
  const me = useMe();
  const { pathname } = useLocation();
  const pages = pagesFor(me);
  const crowded = pages.length > LABELS_THAT_FIT;
  return (
    <nav className={styles.tabs} aria-label="Pages">
      {pages.map((page) => (
        <Link
          key={page.to}
          to={page.to}
          className={styles.tab}
          data-active={pathname.startsWith(page.section)}
          {...(pathname.startsWith(page.section) ? { "aria-current": "page" as const } : {})}
        >
          <Icon name={page.icon} size={20} />
          <span className={crowded && !pathname.startsWith(page.section) ? "sr-only" : undefined}>{page.label}</span>
        </Link>
      ))}
      <UserMenu asTab />
    </nav>
  );
}
