import { useState } from "preact/hooks";
import type { Card as CardData } from "../protocol";
import { isElsewhere, safeUrl } from "../url";
import { words } from "../words";
import { useGround } from "./hooks";
import { AwayIcon, NextIcon } from "./icons";

const VERBS: Record<string, string> = {
  order: "View order",
  product: "View product",
  article: "Read article",
  return: "View return",
  ticket: "View ticket",
  invoice: "View invoice",
};

const KINDS: Record<string, string> = {
  order: "Order",
  product: "Product",
  article: "Article",
  return: "Return",
  ticket: "Ticket",
  invoice: "Invoice",
};

/** A link that leaves the shop opens beside it; on a phone one within the shop folds the chat away. */
export function Follow({ url, title, plain }: { url: string; title: string; plain?: boolean }) {
  const { client } = useGround();
  const href = safeUrl(url);
  if (!href) return <>{title}</>;
  const away = isElsewhere(href);
  const follow = () => {
    if (!away && window.matchMedia("(max-width: 480px)").matches) client.setOpen(false);
  };
  return (
    <a
      class={plain ? undefined : "follow"}
      href={href}
      onClick={follow}
      {...(away ? { target: "_blank", rel: "noopener noreferrer" } : {})}
    >
      {title}
      {away ? <span class="hidden"> ({words.newTab})</span> : null}
      {plain ? null : away ? <AwayIcon /> : <NextIcon />}
    </a>
  );
}

export function Card({ card }: { card: CardData }) {
  const [broken, setBroken] = useState(false);
  const image = broken || !card.image ? null : safeUrl(card.image);
  const { status } = card;
  return (
    <article class={`card ${card.kind}`} data-testid="kefu-card" data-kind={card.kind}>
      {image ? (
        <div class="picture">
          <img src={image} alt="" loading="lazy" decoding="async" onError={() => setBroken(true)} />
        </div>
      ) : null}
      <div class="card-body">
        <div class="card-top">
          <span class="kind">{KINDS[card.kind] ?? ""}</span>
          {status ? (
            <span class={`pill ${status.tone}`}>
              <span class="pill-mark" aria-hidden="true" />
              {status.label}
            </span>
          ) : null}
        </div>
        <h3 class="card-title" dir="auto">
          {card.title}
        </h3>
        {card.subtitle ? (
          <p class="card-subtitle" dir="auto">
            {card.subtitle}
          </p>
        ) : null}
        {card.facts.length ? (
          <dl class="facts">
            {card.facts.map((fact) => (
              <div class="fact" key={fact.label}>
                <dt>{fact.label}</dt>
                <dd dir="auto">{fact.value}</dd>
              </div>
            ))}
          </dl>
        ) : null}
      </div>
      {safeUrl(card.url) ? <Follow url={card.url} title={VERBS[card.kind] ?? "Open"} /> : null}
    </article>
  );
}

export function Cards({ cards }: { cards: CardData[] }) {
  const row = cards.length > 1 && cards.every((card) => card.kind === "product");
  return (
    <div class={row ? "cards row" : "cards"} {...(row ? { tabIndex: 0, role: "group", "aria-label": "Products" } : {})}>
      {cards.map((card, at) => (
        <Card key={at} card={card} />
      ))}
    </div>
  );
}
