import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { mayManageSettings } from "../auth/may";
import { useMe } from "../auth/session";
import { Icon } from "../shared/Icon";
import { Empty } from "../shared/States";
import { GROUPS, SETTINGS } from "./sections";
import styles from "./Settings.module.css";

/** How the desk works, for those who decide it. */
export function SettingsPage() {
  const me = useMe();
  const { pathname } = useLocation();
  if (!mayManageSettings(me)) {
    return (
      <Empty title="Settings are for admins" icon="lock">
        Promises to customers, opening hours and the stages of sales are decided there.
      </Empty>
    );
  }
  return (
    <div className={styles.page}>
      <nav aria-label="Settings" className={styles.nav}>
        <h1>Settings</h1>
        {GROUPS.map((group) => [
          <div key={group} className={styles.group}>
            {group}
          </div>,
          ...SETTINGS.filter((section) => section.group === group).map(({ to, label, icon }) => (
            <Link
              key={to}
              to={to}
              className={styles.link}
              data-active={pathname === to}
              {...(pathname === to ? { "aria-current": "page" as const } : {})}
            >
              <Icon name={icon} />
              {label}
            </Link>
          )),
        ])}
      </nav>
      <div className={styles.body}>
        <Outlet />
      </div>
    </div>
  );
}
