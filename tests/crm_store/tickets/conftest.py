"""A desk with a clock that the tests turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_store.asking import AsStaff
from crm_store.database import Database
from crm_store.models import Customer, Role, SlaClock, Ticket, User
from crm_store.sla.watch import watch_once
from crm_store.tickets.service import TicketService
from tests.factories import make_customer, make_policy, make_user

THURSDAY_TEN = datetime(2026, 11, 26, 10, tzinfo=UTC)


@dataclass
class Desk:
    """Staff, a customer, the promise of an answer in 1 h and a solution in 8, nine to five."""

    database: Database
    agent: User
    admin: User
    customer: Customer
    now: datetime = THURSDAY_TEN
    opened: int = field(default=0)

    @property
    def asker(self) -> AsStaff:
        return AsStaff(self.agent.id, Role.AGENT)

    @property
    def boss(self) -> AsStaff:
        return AsStaff(self.admin.id, Role.ADMIN)

    def wait(self, **by: float) -> None:
        self.now += timedelta(**by)

    @contextmanager
    def service(self) -> Iterator[TicketService]:
        with self.database.transaction() as session:
            yield TicketService(session, clock=lambda: self.now)

    def open(self, **given: Any) -> Ticket:
        self.opened += 1
        values: dict[str, Any] = {
            "subject": f"Matter {self.opened}",
            "body": "It broke.",
            "topic": "complaint",
            "customer_id": self.customer.id,
            "idempotency_key": f"key-{self.opened}",
            "asker": self.asker,
        }
        with self.service() as tickets:
            return tickets.open(**values | given)

    def edit(self, ticket: Ticket, **change: Any) -> Ticket:
        with self.service() as tickets:
            return tickets.edit(ticket.number, change, asker=self.asker)  # type: ignore[arg-type]

    def look(self, ticket: Ticket) -> Ticket:
        with self.database.reading() as session:
            return TicketService(session).by_number(ticket.number, asker=self.asker)

    def clocks(self, ticket: Ticket) -> dict[str, SlaClock]:
        with self.database.reading() as session:
            detail = TicketService(session).detail(ticket.number, asker=self.asker)
            return {clock.kind.value: clock for clock in detail.row.clocks}

    def kinds(self, ticket: Ticket) -> list[str]:
        """The kinds of the ticket's events, the first one first."""
        with self.database.reading() as session:
            events = TicketService(session).detail(ticket.number, asker=self.asker).events
            return [event.kind for event in reversed(events)]

    def watch(self) -> int:
        return watch_once(self.database, now=self.now)[1]


@pytest.fixture
def desk(database: Database) -> Desk:
    with database.transaction() as session:
        make_policy(session)
        return Desk(
            database,
            agent=make_user(session),
            admin=make_user(session, role=Role.ADMIN),
            customer=make_customer(session),
        )
