import { Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import styles from "./Sales.module.css";

const PARTS = [
  { to: "/sales", label: "Pipeline" },
  { to: "/sales/leads", label: "Leads" },
  { to: "/sales/tasks", label: "Tasks" },
  { to: "/sales/report", label: "Report" },
] as const;

/** The head of every sales page: its parts, and what can be done on this one. */
export function SalesNav({ title, children }: { title: string; children?: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <header className={styles.head}>
      <h1 className="sr-only">{title}</h1>
      <nav aria-label="Sales" className={styles.parts}>
        {PARTS.map(({ to, label }) => (
          <Link
            key={to}
            to={to}
            className={styles.part}
            data-active={pathname === to}
            {...(pathname === to ? { "aria-current": "page" as const } : {})}
          >
            {label}
          </Link>
        ))}
      </nav>
      <div className={styles.tools}>{children}</div>
    </header>
  );
}
