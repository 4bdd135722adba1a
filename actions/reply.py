"""What an action gives back: messages with buttons, cards and links, and slots."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from actions.context import Turn

Tone = Literal["good", "warn", "bad", "neutral"]
CardKind = Literal["order", "product", "article", "return", "ticket", "invoice"]


@dataclass(frozen=True, slots=True)
class Button:
    """Something to choose; choosing it says ``intent`` with these entities."""

    title: str
    intent: str
    entities: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, str]:
        told = json.dumps(self.entities, ensure_ascii=False) if self.entities else ""
        return {"title": self.title, "payload": f"/{self.intent}{told}"}


@dataclass(frozen=True, slots=True)
class Card:
    """A thing shown beside the words."""

    kind: CardKind
    title: str
    subtitle: str | None = None
    url: str | None = None
    image: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    status: tuple[str, Tone] | None = None

    def as_dict(self) -> dict[str, Any]:
        card: dict[str, Any] = {
            "kind": self.kind,
            "title": self.title,
            "facts": [{"label": label, "value": value} for label, value in self.facts],
        }
        for name in ("subtitle", "url", "image"):
            if (value := getattr(self, name)) is not None:
                card[name] = value
        if self.status is not None:
            card["status"] = {"label": self.status[0], "tone": self.status[1]}
        return card


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """What a known customer did with recommended products: saw them for a reason, or chose one."""

    customer_id: UUID
    shown: list[tuple[UUID, str]] = field(default_factory=list)
    pressed: UUID | None = None


PERSON = Button("Talk to a person", "human_handoff")


@dataclass(slots=True)
class Reply:
    """Collects what one action says and sets."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)
    followup: str | None = None
    """The action to run next instead of waiting for the customer."""
    ends_form: bool = False
    opening: str = ""
    """Said in front of the next message, in the same bubble."""
    noticed: Noticed | None = None
    """Written down once the answer is complete."""
    reject_form: bool = False
    """In a form: this was no answer to it; let the rules reply."""

    def say(
        self,
        text: str,
        *,
        buttons: list[Button] | None = None,
        cards: list[Card] | None = None,
        links: list[Link] | None = None,
    ) -> None:
        """Add one message."""
        text, self.opening = f"{self.opening} {text}".strip(), ""
        custom: dict[str, Any] = {}
        if cards:
            custom["cards"] = [card.as_dict() for card in cards]
        if links:
            custom["links"] = [{"title": link.title, "url": link.url} for link in links]
        self.messages.append(
            {
                "text": text,
                "buttons": [button.as_dict() for button in buttons or []],
                "json_message": custom,
            }
        )

    def set(self, **slots: Any) -> None:
        """Set slots."""
        self.slots.update(slots)

    def ask_yes_or_no(
        self, text: str, *, yes: str, no: str, then: dict[str, Any], turn: Turn
    ) -> None:
        """Ask, and remember what a yes would mean."""
        self.say(text, buttons=[Button(yes, "affirm"), Button(no, "deny")])
        self.set(pending={**then, "turn_id": turn.turn_id})

    def hand_over(self, turn: Turn, reason: str, text: str | None = None, **brief: Any) -> None:
        """Give the conversation to a person, with what was tried so far."""
        if text:
            self.say(text)
        known = {
            "goal": turn.slot("goal"),
            "order_number": turn.slot("order_number"),
            "tried": list(turn.tried),
            **brief,
        }
        self.set(
            handoff={
                "reason": reason,
                "brief": {name: value for name, value in known.items() if value},
                "turn_id": turn.turn_id,
            }
        )
        self.ends_form = True

    @property
    def hands_over(self) -> bool:
        return self.slots.get("handoff") is not None
