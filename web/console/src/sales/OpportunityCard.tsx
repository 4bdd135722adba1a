import { ActionIcon, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { KeyboardEvent } from "react";
import type { OpportunityView, StageView } from "../api/types";
import { Icon } from "../shared/Icon";
import { useNow } from "../shared/useNow";
import { useColleague } from "./colleagues";
import { closeWords, daysIn } from "./days";
import { wholeMoney } from "./money";
import styles from "./Board.module.css";

interface CardProps {
  card: OpportunityView;
  stages: StageView[];
  move: (card: OpportunityView, stageId: string) => void;
  setDragged: (card: OpportunityView | null) => void;
}

export function OpportunityCard({ card, stages, move, setDragged }: CardProps) {
  const now = useNow();
  const owner = useColleague(card.owner_id);
  const closes = card.status === "open" ? closeWords(card.expected_close, now) : null;
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.shiftKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    event.preventDefault();
    const at = stages.findIndex((stage) => stage.id === card.stage_id);
    const next = stages[at + (event.key === "ArrowRight" ? 1 : -1)];
    if (next) move(card, next.id);
  };
  return (
    <article
      className={styles.card}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", card.name);
        setDragged(card);
      }}
      onDragEnd={() => setDragged(null)}
    >
      <div className={styles.cardTop}>
        <Link
          to="/sales/opportunities/$opportunityId"
          params={{ opportunityId: card.id }}
          className={styles.cardName}
          onKeyDown={onKeyDown}
          draggable={false}
        >
          <bdi>{card.name}</bdi>
        </Link>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon size="sm" aria-label={`Move ${card.name}`}>
              <Icon name="more" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>Move to</Menu.Label>
            {stages
              .filter((stage) => stage.id !== card.stage_id)
              .map((stage) => (
                <Menu.Item key={stage.id} onClick={() => move(card, stage.id)}>
                  {stage.name}
                </Menu.Item>
              ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      <p className="cut">
        <bdi>{card.account_name ?? card.customer_name ?? "Nobody named yet"}</bdi>
      </p>
      <div className={styles.cardFoot}>
        <b className="figures">{wholeMoney(card.amount_minor, card.currency)}</b>
        {closes && (
          <span data-late={closes.late} className="figures">
            {closes.text}
          </span>
        )}
      </div>
      <div className={styles.cardFoot}>
        <span className="cut">{owner ?? "Nobody's"}</span>
        <span className="figures" title="Days in this stage">
          {daysIn(card.stage_since, now)}
        </span>
      </div>
    </article>
  );
}
