import { Link, useLocation } from "@tanstack/react-router";
import { useMe } from "../auth/session";
import { Icon } from "../shared/Icon";
import { pagesFor } from "./pages";
import styles from "./Shell.module.css";
import { UserMenu } from "./UserMenu";

/** The phone's navigation, within reach of a thumb. */
export function TabBar() {
  const me = useMe();
  const { pathname } = useLocation();
  return (
    <nav className={styles.tabs} aria-label="Pages">
      {pagesFor(me).map((page) => (
        <Link
          key={page.to}
          to={page.to}
          className={styles.tab}
          data-active={pathname.startsWith(page.section)}
          {...(pathname.startsWith(page.section) ? { "aria-current": "page" as const } : {})}
        >
          <Icon name={page.icon} size={20} />
          {page.label}
        </Link>
      ))}
      <UserMenu asTab />
    </nav>
  );
}
