import { Chip } from "../shared/Chip";
import { Icon } from "../shared/Icon";
import styles from "./Messages.module.css";
import type { Card, Payload } from "./payload";

/** Cards, links, offered buttons and files that came with a message. */
export function Extras({ payload, fileUrl }: { payload: Payload; fileUrl: string | null }) {
  const { buttons, cards, links, chosen } = payload;
  if (!buttons.length && !cards.length && !links.length && !chosen && !fileUrl) return null;
  return (
    <div className={styles.extras}>
      {cards.map((card) => (
        <CardView key={`${card.kind} ${card.title}`} card={card} />
      ))}
      {links.map((link) => (
        <a key={link.url} href={link.url} target="_blank" rel="noopener noreferrer">
          {link.title}
        </a>
      ))}
      {fileUrl && (
        <a href={fileUrl} download>
          <Icon name="file" size={14} /> {payload.attachment?.filename ?? "Download the file"}
        </a>
      )}
      {buttons.length > 0 && (
        <div className={styles.buttons}>
          offered:
          {buttons.map((title) => (
            <i key={title}>{title}</i>
          ))}
        </div>
      )}
      {chosen && <span className={styles.buttons}>chose a button</span>}
    </div>
  );
}

function CardView({ card }: { card: Card }) {
  return (
    <div className={styles.card}>
      <div className={styles.cardHead}>
        {card.url ? (
          <a href={card.url} target="_blank" rel="noopener noreferrer">
            {card.title}
          </a>
        ) : (
          <span>{card.title}</span>
        )}
        {card.status && <Chip tone={card.status.tone}>{card.status.label}</Chip>}
      </div>
      {card.subtitle && <p>{card.subtitle}</p>}
      {card.facts.length > 0 && (
        <dl>
          {card.facts.map((fact) => (
            <div key={fact.label} style={{ display: "contents" }}>
              <dt>{fact.label}</dt>
              <dd>{fact.value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
