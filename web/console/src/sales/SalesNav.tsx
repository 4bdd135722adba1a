import { Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { SALES_PARTS } from "./parts";
import styles from "./Sales.module.css";

/** The head of every sales page: its parts, and what can be done on this one. */
export function SalesNav({ title, children }: { title: string; children?: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <header className={styles.head}>
      <h1 className="sr-only">{title}</h1>
      <nav aria-label="Sales" className={styles.parts}>
        {SALES_PARTS.map(({ to, label }) => (
          <Link
            key={to}
            to={to}
            className={styles.part}
            data-active={isOpen(to, pathname)}
            {...(isOpen(to, pathname) ? { "aria-current": "page" as const } : {})}
          >
            {label}
          </Link>
        ))}
      </nav>
      <div className={styles.tools}>{children}</div>
    </header>
  );
}

/** The board is the page that the others lie under, so it is open only by itself. */
function isOpen(to: string, pathname: string): boolean {
  return to === "/sales" ? pathname === to : pathname.startsWith(to);
}
