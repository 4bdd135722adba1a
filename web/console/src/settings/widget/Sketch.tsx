import type { SiteDraft } from "./draft";
import { firstOf } from "./fields";
import styles from "./Widget.module.css";

/** How the colours, the name and the side would look; the widget itself adjusts the accent for contrast. */
export function Sketch({ draft, name }: { draft: SiteDraft; name: string }) {
  const greeting = draft.greetings[0];
  const words = greeting && firstOf(greeting.text, draft.locales);
  return (
    <figure className={styles.sketch} data-side={draft.side} data-theme={draft.theme}>
      <figcaption>Sketch</figcaption>
      <div className={styles.panel}>
        <div className={styles.title} style={draft.accent ? { background: draft.accent } : undefined}>
          <bdi>{draft.title.trim() || name}</bdi>
        </div>
        <p className={styles.bubble}>{words || "How can we help?"}</p>
      </div>
      <span className={styles.launcher} style={draft.accent ? { background: draft.accent } : undefined} />
    </figure>
  );
}
