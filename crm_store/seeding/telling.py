"""One chat, written down line by line as the conversation services write a real one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crm_store.conversations.lines import LineKind, line_payload
from crm_store.models import (
    Author,
    ConversationStatus,
    InteractionKind,
    Owner,
    TicketPriority,
    TicketStatus,
    Visibility,
)
from crm_store.seeding.baskets import Numbers
from crm_store.seeding.facts import Wares, main_product
from crm_store.seeding.library import ArticleDraft
from crm_store.seeding.occasions import Occasion
from crm_store.seeding.scripts import Line, Script, ScriptBook, fill
from crm_store.seeding.showing import shown
from crm_store.seeding.times import DAY
from crm_store.seeding.understood import understood
from crm_store.texts import shorten
from crm_store.tickets.types import type_of
from crm_store.turns.understanding import SMALL_TALK

AGENT = "Demo agent"
DRAWS = 96
"""Random numbers in [0, 1) that one chat needs at most."""
COLUMNS = {
    "conversations": (
        "id", "site_id", "channel", "customer_id", "verified_at", "verified_by", "owner", "status",
        "version", "last_seq", "last_message_at", "last_text", "topic", "sentiment_valence",
        "handoff_reason", "handoff_brief", "queued_at", "resolved_at", "created_at", "updated_at",
    ),
    "messages": (
        "id", "conversation_id", "seq", "client_id", "author", "name", "text", "payload",
        "visibility", "in_reply_to", "sent_at", "intent", "confidence", "sentiment", "valence",
        "nlu", "actions", "latency_ms",
    ),
    "conversation_events": ("id", "conversation_id", "kind", "actor", "reason", "data", "at"),
    "csats": ("id", "conversation_id", "score", "comment", "created_at"),
    "interests": (
        "id", "conversation_id", "message_id", "customer_id", "category_id", "product_id", "term",
        "weight", "at",
    ),
    "tickets": (
        "id", "number", "customer_id", "conversation_id", "order_id", "subject", "body", "topic",
        "type", "status", "priority", "created_at", "updated_at", "solved_at",
    ),
    "interactions": (
        "id", "customer_id", "kind", "at", "summary", "data", "conversation_id", "order_id",
        "source_key",
    ),
}  # fmt: skip
Rows = dict[str, list[tuple[Any, ...]]]

# What the assistant notes as an interest: products and categories named in such messages.
_LOOKING = frozenset(
    {"product_search", "product_availability", "product_details", "product_compare"}
    | {"product_recommend", "praise", "review_leave"}
)
_SUBJECTS = {
    "delivery_delayed": "Delivery is late",
    "delivery_damaged": "Arrived damaged",
    "delivery_wrong_item": "Wrong item arrived",
    "delivery_lost": "Delivered, not received",
    "warranty_claim": "Warranty claim",
}
_SETTLED_AFTER = 4 * DAY
_LAST_TEXT_CHARS, _SUMMARY_CHARS = 200, 500


@dataclass(frozen=True, slots=True)
class Desk:
    """What every chat of a seeding is written with."""

    site_id: str
    numbers: Numbers
    wares: Wares
    book: ScriptBook
    articles: dict[str, ArticleDraft]
    now: int


@dataclass(slots=True)
class Telling:
    """Writes one chat into ``rows``; its time runs on with every line."""

    desk: Desk
    rows: Rows
    occasion: Occasion
    script: Script
    customer_id: str
    facts: dict[str, str]
    at: int
    luck: Iterator[float]
    position: int = 1
    """In the queue, when the chat gets there."""
    id: str = ""
    started: int = 0
    seq: int = 0
    version: int = 0
    last_text: str = ""
    topic: str | None = None
    valence: float | None = None
    queued_at: int | None = None
    handoff: tuple[str, dict[str, Any]] | None = None
    has_agent: bool = False
    asked: tuple[str, str] | None = None
    """The id and the intent of the latest message that the assistant answers."""
    tried: list[str] = field(default_factory=list)
    verified: bool = False

    def talk(self) -> None:
        """Write every line of the script."""
        self.id, self.started = self.desk.numbers.ids.new(), self.at
        self._event("started", Author.CUSTOMER)
        lines = self.script.lines
        for at, line in enumerate(lines):
            if line.speaker in {"customer", "button"}:
                following = lines[at + 1] if at + 1 < len(lines) else None
                self._customer(line, following if line.intent else None)
            elif line.speaker == "bot":
                self._bot(line)
            elif line.speaker == "handoff":
                self._hand_off(line.intent)
            else:
                self._agent(line)

    def rate(self, score: int) -> None:
        """The customer's grade, right after the last word."""
        self.at += 20 + int(next(self.luck) * 100)
        self.rows["csats"].append((self.desk.numbers.ids.new(), self.id, score, None, self.at))
        self._event("rated", Author.CUSTOMER, data={"score": score})

    def resolve(self, at: int) -> None:
        """Close it, as the team does."""
        self.at = at
        self.version += 1
        self._event("resolved", Author.AGENT)
        text = "This conversation is closed. Write here whenever you need us again."
        self._system(text, LineKind.RESOLVED)

    def finish(self, *, resolved: bool) -> None:
        """Write the conversation itself, as the last line left it."""
        waiting = not resolved and self.queued_at is not None
        reason, brief = self.handoff or (None, None)
        status = ConversationStatus.RESOLVED if resolved else ConversationStatus.OPEN
        self.rows["conversations"].append(
            (
                self.id, self.desk.site_id, "widget", self.customer_id, self.started, "host",
                (Owner.QUEUE if waiting else Owner.BOT).value, status.value, self.version,
                self.seq, self.at, shorten(self.last_text, _LAST_TEXT_CHARS), self.topic,
                self.valence, reason, brief, self.queued_at if waiting else None,
                self.at if resolved else None, self.started, self.at,
            )
        )  # fmt: skip

    def _customer(self, line: Line, answer: Line | None) -> None:
        if self.seq:
            self.at += 9 + int(next(self.luck) ** 2 * 90)
        text, entities = fill(line.pieces, self.facts)
        chosen = line.speaker == "button"
        message_id = self.desk.numbers.ids.new()
        nlu, confidence, latency = None, None, None
        label, valence, actions = None, None, None
        if line.intent:
            nlu = understood(line, entities, self.desk.book.rivals, self.luck)
            confidence, sentiment = nlu["confidence"], nlu["sentiment"]
            label, valence = sentiment["label"], sentiment["valence"]
            actions = list(answer.actions) if answer is not None else []
            if self.verified and actions[:1] == ["verify_form"]:
                actions = actions[1:]
            self.verified = self.verified or "verify_form" in actions
            latency = 90 + int(next(self.luck) ** 3 * 900)
            self.asked = message_id, line.intent
            self.valence = valence
            if line.intent not in SMALL_TALK:
                self.topic = line.intent
        payload = {"button": {"title": text, "payload": f"/{line.intent}"}} if chosen else None
        self.seq += 1
        self.rows["messages"].append(
            (
                message_id, self.id, self.seq, f"seeded-{self.seq}", Author.CUSTOMER.value, None,
                text, payload, Visibility.PUBLIC.value, None, self.at, line.intent or None,
                confidence, label, valence, nlu, actions, latency,
            )
        )  # fmt: skip
        self.last_text = text
        data = {
            "seq": self.seq, "text": text, "intent": line.intent or None,
            "confidence": confidence, "entities": entities if nlu else [], "sentiment": label,
            "valence": valence, "actions": actions or [], "latency_ms": latency,
        }  # fmt: skip
        self._interaction(f"Wrote: {text}", data, f"message:{_dashed(message_id)}")
        if line.intent in _LOOKING and valence is not None:
            self._interests(message_id, entities, valence)

    def _bot(self, line: Line) -> None:
        self.at += 1
        payload: dict[str, Any] = {}
        if line.article is not None:
            article = self.desk.articles[line.article]
            text = article.summary
            url = f"/shop/help/{article.slug}"
            payload["cards"] = [
                {"kind": "article", "title": article.title, "facts": [], "url": url}
            ]
        else:
            if "ticket" in line.tags:
                self.facts["new_ticket"] = self._open_ticket()
            text, _ = fill(line.pieces, self.facts)
        draft = self.desk.wares.drafts[main_product(self.occasion)]
        payload |= shown(line.tags, self.facts, draft)
        self.tried += [name for name in line.actions if name.startswith(("action_", "utter_"))]
        asked = self.asked[0] if self.asked else None
        self._say(Author.BOT, text, payload=payload or None, in_reply_to=asked)

    def _hand_off(self, reason: str) -> None:
        before = list(dict.fromkeys(self.tried[:-1]))[-8:]
        goal = self.topic if self.topic != "human_handoff" else self._goal()
        known = {"goal": goal, "order_number": self.facts.get("number"), "tried": before}
        self.handoff = reason, {name: value for name, value in known.items() if value}
        self.queued_at = self.at
        self.version += 1
        self._event("handed_off", Author.BOT, reason=reason, data={"position": self.position})
        where = "next" if self.position == 1 else f"number {self.position}"
        self._system(
            f"You are {where} in line. A person will answer right here; you can keep writing.",
            LineKind.HANDED_OFF,
            position=self.position,
        )

    def _goal(self) -> str | None:
        """What the customer wanted before they wanted a person."""
        wanted = [
            line.intent
            for line in self.script.lines
            if line.intent and line.speaker in {"customer", "button"}
            if line.intent not in SMALL_TALK and line.intent != "human_handoff"
        ]
        return wanted[-1] if wanted else None

    def _agent(self, line: Line) -> None:
        if not self.has_agent:
            self.has_agent = True
            self.at += 45 + int(next(self.luck) ** 2 * 540)
            self.version += 1
            self._event("claimed", Author.AGENT)
            self._system(f"{AGENT} is here for you now.", LineKind.CLAIMED, name=AGENT)
        self.at += 30 + int(next(self.luck) * 100)
        text, _ = fill(line.pieces, self.facts)
        self._say(Author.AGENT, text, name=AGENT, client_id=f"seeded-{self.seq + 1}")

    def _system(self, text: str, kind: LineKind, **facts: str | int) -> None:
        last_text = self.last_text
        self._say(Author.SYSTEM, text, payload=line_payload(kind, **facts))
        self.last_text = last_text

    def _say(
        self,
        author: Author,
        text: str,
        *,
        payload: dict[str, Any] | None = None,
        name: str | None = None,
        client_id: str | None = None,
        in_reply_to: str | None = None,
    ) -> None:
        self.seq += 1
        self.last_text = text
        self.rows["messages"].append(
            (
                self.desk.numbers.ids.new(), self.id, self.seq, client_id, author.value, name,
                text, payload, Visibility.PUBLIC.value, in_reply_to, self.at, None, None, None,
                None, None, None, None,
            )
        )  # fmt: skip

    def _event(
        self,
        kind: str,
        actor: Author,
        *,
        reason: str | None = None,
        data: dict[str, Any] | None = None,
    ) -> None:
        event_id = self.desk.numbers.ids.new()
        self.rows["conversation_events"].append(
            (event_id, self.id, kind, actor.value, reason, data, self.at)
        )
        summary = f"{_SUMMARIES[kind]}: {reason}" if reason else _SUMMARIES[kind]
        told = {"event": kind, "actor": actor.value, **(data or {})}
        self._interaction(summary, told, f"conversation-event:{_dashed(event_id)}")

    def _interaction(
        self,
        summary: str,
        data: dict[str, Any],
        source_key: str,
        kind: InteractionKind = InteractionKind.CHAT,
        order_id: str | None = None,
    ) -> None:
        self.rows["interactions"].append(
            (
                self.desk.numbers.ids.new(), self.customer_id, kind.value, self.at,
                shorten(summary, _SUMMARY_CHARS), data, self.id, order_id, source_key,
            )
        )  # fmt: skip

    def _interests(self, message_id: str, entities: list[dict[str, Any]], valence: float) -> None:
        wares, product = self.desk.wares, main_product(self.occasion)
        for term in dict.fromkeys((e["entity"], e["value"]) for e in entities):
            meant = wares.other(product) if term[1] == self.facts["other"] else product
            if term[0] not in {"category", "product"} or term[1] == self.facts["noun"]:
                continue
            # As the assistant weighs it: against the thing when it is said in disgust.
            weight = round(1.0 + valence / 2, 3) if valence > -0.5 else -0.5
            self.rows["interests"].append(
                (
                    self.desk.numbers.ids.new(), self.id, message_id, self.customer_id,
                    wares.category_id(meant),
                    wares.product_ids[meant] if term[0] == "product" else None,
                    term[1].lower()[:100], weight, self.at,
                )
            )  # fmt: skip

    def _open_ticket(self) -> str:
        number = self.desk.numbers.tickets.new()
        topic = self.asked[1] if self.asked else "complaint"
        course = self.occasion.course
        if course is not None and topic in _SUBJECTS:
            subject = f"{_SUBJECTS[topic]}: {course.made.number}"
        else:
            subject = f"Complaint: {shorten(self.last_text, 80)}"
        order_id = course.made.id if course is not None else None
        settled = self.at + _SETTLED_AFTER
        done = settled <= self.desk.now
        urgent = self.valence is not None and self.valence <= -0.8
        self.rows["tickets"].append(
            (
                self.desk.numbers.ids.new(), number, self.customer_id, self.id, order_id, subject,
                self.last_text, topic, type_of(topic).value,
                (TicketStatus.SOLVED if done else TicketStatus.OPEN).value,
                (TicketPriority.URGENT if urgent else TicketPriority.HIGH).value, self.at,
                settled if done else self.at, settled if done else None,
            )
        )  # fmt: skip
        self._interaction(
            f"Ticket {number} opened: {subject}",
            {"event": "opened", "ticket": number, "topic": topic},
            f"ticket:{number}",
            InteractionKind.TICKET,
            order_id,
        )
        return number


_SUMMARIES = {
    "started": "Chat started",
    "handed_off": "Chat handed over to a person",
    "claimed": "Chat taken by an agent",
    "resolved": "Chat resolved",
    "rated": "Chat rated by the customer",
}


def _dashed(key: str) -> str:
    """An identifier as Python writes it."""
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"
