"""The demo shop's service desk, and how it has treated the tickets of the last months."""

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import resources
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.calendars.arithmetic import BusinessHours
from crm_store.calendars.loading import business_hours
from crm_store.database import Database
from crm_store.models import (
    Author,
    BusinessCalendar,
    CannedReply,
    Label,
    SlaPolicy,
    Ticket,
    TicketComment,
    TicketEvent,
    TicketLabel,
    TicketStatus,
    Visibility,
)
from crm_store.sites.configuration import SiteConfiguration
from crm_store.sites.settings import SiteSettings
from crm_store.sla.keeper import SlaKeeper

MakeId = Callable[[], UUID]

_RECENT = timedelta(days=60)
_BATCH = 200
_ANSWER_MINUTES = 90
_ANSWERED, _NOTED, _WAITS, _LABELLED = 0.85, 0.3, 0.3, 0.5
_ANSWER = "We are looking into it and write to you as soon as we know more."
_SOLUTION = "This is settled now. Thank you for your patience."
_NOTE = "Called the carrier; they search until tomorrow."


def furnish(session: Session, make_id: MakeId, *, at: datetime) -> None:
    """Open the desk: its calendar, promises, labels and replies."""
    plan = tomllib.loads(resources.files(__package__).joinpath("desk.toml").read_text("utf-8"))
    times = {"created_at": at, "updated_at": at}
    calendar = BusinessCalendar(id=make_id(), is_default=True, **plan["calendar"], **times)
    session.add(calendar)
    session.flush()
    for position, given in enumerate(plan["policies"], start=1):
        session.add(
            SlaPolicy(
                id=make_id(), position=position * 10, calendar_id=calendar.id, **given, **times
            )
        )
    for given in plan["labels"]:
        session.add(Label(id=make_id(), folded=given["name"].casefold(), **given, **times))
    for given in plan["replies"]:
        session.add(CannedReply(id=make_id(), **given, **times))


def open_widget(session: Session, site_key: str, *, asker: Asker) -> None:
    """Set the site as the demo shop has it, unless somebody has set something else there."""
    plan = tomllib.loads(resources.files(__package__).joinpath("site.toml").read_text("utf-8"))
    ours = SiteSettings.read({name: plan[name] for name in plan if name != "calendar"})
    sites = SiteConfiguration(session)
    current = sites.show(site_key, asker=asker)
    # A shop that is seeded again has lost its calendar, and keeps its site.
    if current.calendar is None and current.settings in (SiteSettings(), ours):
        sites.change(site_key, plan, asker=asker)


def work_on_tickets(database: Database, make_id: MakeId, *, now: datetime, seed: int) -> None:
    """Let the desk have answered the tickets of the last months: comments, labels, clocks."""
    with database.reading() as session:
        default = select(BusinessCalendar).where(BusinessCalendar.is_default)
        hours = business_hours(session.scalars(default).one())
        labels = list(session.scalars(select(Label.id).order_by(Label.folded)))
    worker = _Worker(hours, labels, make_id, random.Random(seed), now)
    last: UUID | None = None
    while True:
        with database.transaction() as session:
            tickets = _next_tickets(session, last, now - _RECENT)
            for ticket in tickets:
                worker.treat(session, ticket)
            session.flush()
            keeper = SlaKeeper(session, make_id=make_id)
            for ticket in tickets:
                session.refresh(ticket)
                keeper.refresh(ticket, now=now)
        if len(tickets) < _BATCH:
            return
        last = tickets[-1].id


@dataclass
class _Past:
    """What has happened to one ticket: its rows, and what that makes of the ticket."""

    values: dict[str, Any]
    rows: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class _Worker:
    """Somebody who answers within the desk's hours."""

    hours: BusinessHours
    labels: list[UUID]
    make_id: MakeId
    rng: random.Random
    now: datetime

    def treat(self, session: Session, ticket: Ticket) -> None:
        """Write what happened to the ticket."""
        past = _Past({"version": 0, "updated_at": ticket.updated_at})
        self._event(past, ticket, "opened", ticket.created_at, actor=Author.BOT)
        settled = ticket.solved_at
        wait = timedelta(minutes=self.rng.expovariate(1 / _ANSWER_MINUTES))
        answered = self.hours.add_business_time(ticket.created_at, wait)
        is_answered = settled is not None or self.rng.random() < _ANSWERED
        if is_answered and answered < (settled or self.now):
            self._answer(past, ticket, answered, until=settled or self.now)
        if settled is not None:
            past.values["version"] += 1
            self._comment(past, ticket, _SOLUTION, settled)
            self._event(past, ticket, "status", settled, to=TicketStatus.SOLVED)
        if self.rng.random() < _LABELLED:
            label = self.rng.choice(self.labels)
            past.rows.append(TicketLabel(ticket_id=ticket.id, label_id=label, at=ticket.created_at))
        session.add_all(past.rows)
        session.execute(update(Ticket).where(Ticket.id == ticket.id).values(**past.values))

    def _answer(self, past: _Past, ticket: Ticket, at: datetime, *, until: datetime) -> None:
        past.values |= {"answered_at": at, "version": 1, "updated_at": max(at, ticket.updated_at)}
        self._event(past, ticket, "answered", at)
        self._comment(past, ticket, _ANSWER, at)
        noted = at + timedelta(minutes=4)
        if self.rng.random() < _NOTED and noted < until:
            self._comment(past, ticket, _NOTE, noted, Visibility.NOTE)
        if ticket.solved_at is None and self.rng.random() < _WAITS:
            past.values |= {"status": TicketStatus.PENDING, "version": 2}
            self._event(past, ticket, "status", at, to=TicketStatus.PENDING)

    def _event(
        self,
        past: _Past,
        ticket: Ticket,
        kind: str,
        at: datetime,
        *,
        actor: Author = Author.AGENT,
        to: TicketStatus | None = None,
    ) -> None:
        past.rows.append(
            TicketEvent(
                id=self.make_id(),
                ticket_id=ticket.id,
                version=past.values["version"],
                kind=kind,
                actor=actor,
                data={"from": TicketStatus.OPEN.value, "to": to.value} if to else None,
                at=at,
            )
        )

    def _comment(
        self,
        past: _Past,
        ticket: Ticket,
        text: str,
        at: datetime,
        visibility: Visibility = Visibility.PUBLIC,
    ) -> None:
        past.rows.append(
            TicketComment(
                id=self.make_id(),
                ticket_id=ticket.id,
                author=Author.AGENT,
                visibility=visibility,
                text=text,
                at=at,
            )
        )


def _next_tickets(session: Session, last: UUID | None, since: datetime) -> list[Ticket]:
    statement = select(Ticket).where(Ticket.created_at >= since)
    if last is not None:
        statement = statement.where(Ticket.id > last)
    return list(session.scalars(statement.order_by(Ticket.id).limit(_BATCH)))
