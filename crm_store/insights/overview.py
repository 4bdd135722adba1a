"""Counts over conversations for the insights pages."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, case, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from crm_store.models import (
    Author,
    Conversation,
    ConversationStatus,
    Csat,
    Message,
    Order,
    OrderStatus,
    Owner,
    Ticket,
    TicketStatus,
)


@dataclass(frozen=True, slots=True)
class Overview:
    """The service desk since a moment; ``queued_now`` and ``open_tickets`` are of this moment."""

    conversations: int
    messages: int
    handoffs: int
    resolved: int
    containment: float | None
    """The share of conversations that never went to a person."""
    mean_valence: float | None
    mean_latency_ms: float | None
    csat_mean: float | None
    csat_count: int
    queued_now: int
    open_tickets: int
    orders: int
    revenue_minor: int


@dataclass(frozen=True, slots=True)
class IntentCount:
    """How often customers wanted something, how surely it was read, in what mood."""

    intent: str
    messages: int
    mean_confidence: float | None
    mean_valence: float | None


@dataclass(frozen=True, slots=True)
class DayMood:
    """What customers' messages of one day (UTC) felt like."""

    day: date
    messages: int
    mean_valence: float | None
    negative: int
    neutral: int
    positive: int


@dataclass(frozen=True, slots=True)
class DayContainment:
    """Conversations started on one day (UTC), and how many of them went to a person."""

    day: date
    conversations: int
    handoffs: int


def read_overview(session: Session, *, since: datetime) -> Overview:
    """The counts of everything since then."""
    handed_over = func.count(Conversation.handoff_reason)
    resolved = func.count(Conversation.resolved_at)
    talks, handoffs, done = session.execute(
        select(func.count(Conversation.id), handed_over, resolved).where(
            Conversation.created_at >= since
        )
    ).one()
    messages, valence, latency = session.execute(
        select(
            func.count(Message.id), func.avg(Message.valence), func.avg(Message.latency_ms)
        ).where(Message.sent_at >= since, Message.author == Author.CUSTOMER)
    ).one()
    grade, grades = session.execute(
        select(func.avg(Csat.score), func.count(Csat.id)).where(Csat.created_at >= since)
    ).one()
    orders, revenue = session.execute(
        select(func.count(Order.id), func.coalesce(func.sum(Order.total_minor), 0)).where(
            Order.placed_at >= since, Order.status != OrderStatus.CANCELLED
        )
    ).one()
    return Overview(
        conversations=talks,
        messages=messages,
        handoffs=handoffs,
        resolved=done,
        containment=(talks - handoffs) / talks if talks else None,
        mean_valence=_float(valence),
        mean_latency_ms=_float(latency),
        csat_mean=_float(grade),
        csat_count=grades,
        queued_now=_count(
            session,
            select(func.count(Conversation.id)).where(
                Conversation.owner == Owner.QUEUE,
                Conversation.status == ConversationStatus.OPEN,
            ),
        ),
        open_tickets=_count(
            session, select(func.count(Ticket.id)).where(Ticket.status == TicketStatus.OPEN)
        ),
        orders=orders,
        revenue_minor=int(revenue),
    )


def read_intents(session: Session, *, since: datetime, limit: int) -> list[IntentCount]:
    """What customers wanted since then, the most frequent first."""
    number = func.count(Message.id)
    rows = session.execute(
        select(Message.intent, number, func.avg(Message.confidence), func.avg(Message.valence))
        .where(
            Message.sent_at >= since,
            Message.author == Author.CUSTOMER,
            Message.intent.is_not(None),
        )
        .group_by(Message.intent)
        .order_by(number.desc(), Message.intent)
        .limit(limit)
    )
    return [IntentCount(row[0], row[1], _float(row[2]), _float(row[3])) for row in rows]


def read_moods(session: Session, *, since: datetime) -> list[DayMood]:
    """Day by day since then, days without messages left out."""
    day = _day(session, Message.sent_at)
    rows = session.execute(
        select(
            day,
            func.count(Message.id),
            func.avg(Message.valence),
            *(func.sum(_is(label)) for label in ("negative", "neutral", "positive")),
        )
        .where(
            Message.sent_at >= since,
            Message.author == Author.CUSTOMER,
            Message.sentiment.is_not(None),
        )
        .group_by(day)
        .order_by(day)
    )
    return [
        DayMood(_date(row[0]), row[1], _float(row[2]), *(int(count) for count in row[3:]))
        for row in rows
    ]


def read_containment(session: Session, *, since: datetime) -> list[DayContainment]:
    """Day by day since then, days without conversations left out."""
    day = _day(session, Conversation.created_at)
    rows = session.execute(
        select(day, func.count(Conversation.id), func.count(Conversation.handoff_reason))
        .where(Conversation.created_at >= since)
        .group_by(day)
        .order_by(day)
    )
    return [DayContainment(_date(row[0]), row[1], row[2]) for row in rows]


def _day(session: Session, at: InstrumentedAttribute[datetime]) -> ColumnElement[Any]:
    if session.get_bind().dialect.name == "sqlite":
        return func.date(at)
    # The cast alone would use the server's time zone.
    return cast(func.timezone("UTC", at), Date)


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _is(label: str) -> ColumnElement[int]:
    return case((Message.sentiment == label, 1), else_=0)


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _count(session: Session, statement: Any) -> int:
    return int(session.scalar(statement) or 0)
