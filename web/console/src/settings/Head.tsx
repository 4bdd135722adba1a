import type { ReactNode } from "react";
import styles from "./Settings.module.css";

/** What this setting decides, and what can be added. */
export function Head({ title, about, children }: { title: string; about: string; children?: ReactNode }) {
  return (
    <header className={styles.head}>
      <div>
        <h2>{title}</h2>
        <p>{about}</p>
      </div>
      {children}
    </header>
  );
}
