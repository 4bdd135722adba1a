import { useRef, useState } from "preact/hooks";
import type { Card as CardData } from "../protocol";
import { isElsewhere, safeUrl } from "../url";
import { direction, words } from "../locale";
import { isPhone } from "./focus";
import { useGround } from "./hooks";
import { AwayIcon, BackIcon, NextIcon } from "./icons";

const KINDS = ["order", "product", "article", "return", "ticket", "invoice"] as const;

/** "Order" for `order`; empty for a kind that has no name here. */
function kindOf({ kind }: CardData): string {
  const known = KINDS.find((each) => each === kind);
  return known ? words[known] : "";
}

/** A link that leaves the shop opens beside it; on a phone one within the shop folds the chat away. */
export function Follow({ url, title, plain }: { url: string; title: string; plain?: boolean }) {
  const { client } = useGround();
  const href = safeUrl(url);
  if (!href) return <>{title}</>;
  const away = isElsewhere(href);
  const follow = () => {
    if (!away && isPhone()) client.setOpen(false);
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
          <img src={image} alt="" loading="lazy" onError={() => setBroken(true)} />
        </div>
      ) : null}
      <div class="card-body">
        <div class="card-top">
          <span class="kind">{kindOf(card)}</span>
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
      {safeUrl(card.url) ? <Follow url={card.url} title={words.view} /> : null}
    </article>
  );
}

export function Cards({ cards }: { cards: CardData[] }) {
  const row = useRef<HTMLDivElement>(null);
  if (cards.length < 2) return <div class="cards">{cards.map((card, at) => <Card key={at} card={card} />)}</div>;
  const turn = (by: number) => {
    const element = row.current;
    const width = element?.firstElementChild?.clientWidth ?? 0;
    element?.scrollBy((direction === "rtl" ? -by : by) * (width + 8), 0);
  };
  return (
    <div class="carousel">
      <div ref={row} class="cards row" tabIndex={0} role="group" aria-label={words.cards} data-testid="kefu-carousel">
        {cards.map((card, at) => (
          <Card key={at} card={card} />
        ))}
      </div>
      <div class="turn">
        <button type="button" class="icon-button" aria-label={words.previous} onClick={() => turn(-1)}>
          <BackIcon />
        </button>
        <button type="button" class="icon-button" aria-label={words.next} onClick={() => turn(1)}>
          <NextIcon />
        </button>
      </div>
    </div>
  );
}
