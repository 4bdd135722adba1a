"""The demo shop's service desk, and how it has treated the tickets of the last months."""

import random
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import resources
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.calendars.arithmetic import BusinessHours
from crm_store.calendars.drafts import CalendarDraft
from crm_store.calendars.loading import business_hours
from crm_store.calendars.service import CalendarService
from crm_store.canned_replies.service import CannedReplyService, ReplyDraft
from crm_store.database import Database
from crm_store.labels.service import LabelService
from crm_store.models import (
    Author,
    BusinessCalendar,
    Label,
    LabelTone,
    Ticket,
    TicketComment,
    TicketEvent,
    TicketLabel,
    TicketPriority,
    TicketStatus,
    TicketType,
    Visibility,
)
from crm_store.sla.keeper import SlaKeeper
from crm_store.sla.service import PolicyDraft, SlaPolicyService

_ASKER = AsSystem("the demo shop")
_RECENT = timedelta(days=60)
_BATCH = 200
_ANSWERED = 0.85
_LABELLED = 0.5
_WAITS = 0.3
_ANSWER = "We are looking into it and write to you as soon as we know more."
_SOLUTION = "This is settled now. Thank you for your patience."
_NOTE = "Called the carrier; they search until tomorrow."


def furnish(session: Session) -> None:
    """Open the desk: its calendar, promises, labels and replies."""
    plan = tomllib.loads(resources.files(__package__).joinpath("desk.toml").read_text("utf-8"))
    calendar = CalendarService(session).add(
        CalendarDraft(**plan["calendar"], is_default=True), asker=_ASKER
    )
    policies = SlaPolicyService(session)
    for position, given in enumerate(plan["policies"], start=1):
        kinds = {
            "type": TicketType(given.pop("type")) if "type" in given else None,
            "priority": TicketPriority(given.pop("priority")) if "priority" in given else None,
        }
        draft = PolicyDraft(**given, **kinds, position=position * 10, calendar_id=calendar.id)
        policies.add(draft, asker=_ASKER)
    labels = LabelService(session)
    for given in plan["labels"]:
        labels.add(**given | {"tone": LabelTone(given["tone"])}, asker=_ASKER)
    replies = CannedReplyService(session)
    for given in plan["replies"]:
        replies.add(ReplyDraft(**given), asker=_ASKER)


def work_on_tickets(database: Database, *, now: datetime, seed: int) -> None:
    """Let the desk have answered the tickets of the last months: comments, labels, clocks."""
    with database.reading() as session:
        calendar = session.scalars(
            select(BusinessCalendar).where(BusinessCalendar.is_default)
        ).one()
        hours = business_hours(calendar)
        labels = list(session.scalars(select(Label.id).order_by(Label.folded)))
    last: UUID | None = None
    rng = random.Random(seed)
    while True:
        with database.transaction() as session:
            tickets = _next_tickets(session, last, now - _RECENT)
            keeper = SlaKeeper(session)
            for ticket in tickets:
                rows = list(_treated(ticket, hours, rng, now=now))
                if labels and rng.random() < _LABELLED:
                    label = rng.choice(labels)
                    rows.append(TicketLabel(ticket_id=ticket.id, label_id=label, at=now))
                session.add_all(rows)
            session.flush()
            for ticket in tickets:
                keeper.refresh(ticket, now=now)
        if len(tickets) < _BATCH:
            return
        last = tickets[-1].id


def _next_tickets(session: Session, last: UUID | None, since: datetime) -> list[Ticket]:
    statement = select(Ticket).where(Ticket.created_at >= since)
    if last is not None:
        statement = statement.where(Ticket.id > last)
    return list(session.scalars(statement.order_by(Ticket.id).limit(_BATCH)))


def _treated(
    ticket: Ticket, hours: BusinessHours, rng: random.Random, *, now: datetime
) -> Iterator[Any]:
    """The rows of what happened to the ticket; its own columns are set on the way."""
    ticket.answered_at, ticket.version = None, 0
    yield _event(ticket, "opened", ticket.created_at, actor=Author.BOT)
    settled = ticket.solved_at
    wait = timedelta(minutes=rng.expovariate(1 / 90))
    answered = hours.add_business_time(ticket.created_at, wait)
    if answered < (settled or now) and (settled or rng.random() < _ANSWERED):
        ticket.answered_at, ticket.version = answered, ticket.version + 1
        yield _event(ticket, "answered", answered)
        yield _comment(ticket, _ANSWER, answered)
        noted = answered + timedelta(minutes=4)
        if rng.random() < _WAITS and noted < (settled or now):
            yield _comment(ticket, _NOTE, noted, Visibility.NOTE)
        if settled is None and rng.random() < _WAITS:
            ticket.status, ticket.version = TicketStatus.PENDING, ticket.version + 1
            yield _event(ticket, "status", answered, to=TicketStatus.PENDING)
    if settled is not None:
        ticket.version += 1
        yield _comment(ticket, _SOLUTION, settled)
        yield _event(ticket, "status", settled, to=TicketStatus.SOLVED)


def _event(
    ticket: Ticket,
    kind: str,
    at: datetime,
    *,
    actor: Author = Author.AGENT,
    to: TicketStatus | None = None,
) -> TicketEvent:
    data = {"from": TicketStatus.OPEN.value, "to": to.value} if to else None
    return TicketEvent(
        ticket_id=ticket.id, version=ticket.version, kind=kind, actor=actor, data=data, at=at
    )


def _comment(
    ticket: Ticket, text: str, at: datetime, visibility: Visibility = Visibility.PUBLIC
) -> TicketComment:
    return TicketComment(
        ticket_id=ticket.id, author=Author.AGENT, visibility=visibility, text=text, at=at
    )
