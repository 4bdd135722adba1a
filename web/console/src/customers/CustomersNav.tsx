import { Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import sales from "../sales/Sales.module.css";

const PARTS = [
  { to: "/customers", label: "Customers" },
  { to: "/customers/orders", label: "Orders" },
] as const;

/** The head of both lists: which one it is, and what can be done on it. */
export function CustomersNav({ title, children }: { title: string; children: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <header className={sales.head}>
      <h1 className="sr-only">{title}</h1>
      <nav aria-label="Customers" className={sales.parts}>
        {PARTS.map(({ to, label }) => (
          <Link
            key={to}
            to={to}
            className={sales.part}
            data-active={pathname === to}
            {...(pathname === to ? { "aria-current": "page" as const } : {})}
          >
            {label}
          </Link>
        ))}
      </nav>
      <div className={sales.tools}>{children}</div>
    </header>
  );
}
