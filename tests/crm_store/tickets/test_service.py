"""Opening tickets and finding them again, on each database."""

import pytest
from sqlalchemy import select

from crm_store.asking import AsCustomer, AsSystem
from crm_store.database import Database
from crm_store.models import Interaction, InteractionKind, TicketStatus
from crm_store.tickets.errors import TicketNotFound
from crm_store.tickets.service import TicketService, normalise_ticket_number
from foundation.errors import Invalid
from tests.factories import make_customer

SYSTEM = AsSystem("test")


def test_opening_is_recorded_and_repeatable(database: Database) -> None:
    with database.transaction() as session:
        customer = make_customer(session)
    numbers = set()
    for _ in range(2):
        with database.transaction() as session:
            ticket = TicketService(session).open(
                subject="Broken\nzip",
                body="It broke.",
                topic="complaint",
                customer_id=customer.id,
                idempotency_key="m1",
            )
            assert ticket.subject == "Broken zip"
            numbers.add(ticket.number)
    assert len(numbers) == 1
    with database.reading() as session:
        (entry,) = session.scalars(select(Interaction)).all()
        assert entry.kind is InteractionKind.TICKET
        assert entry.customer_id == customer.id


def test_a_ticket_without_a_customer(database: Database) -> None:
    with database.transaction() as session:
        ticket = TicketService(session).open(
            subject="Question", body="", topic="other", idempotency_key="m1"
        )
        number = ticket.number
    with database.reading() as session:
        assert TicketService(session).by_number(number, asker=SYSTEM).status is TicketStatus.OPEN
        assert session.scalars(select(Interaction)).all() == []


def test_customers_see_their_own_only(database: Database) -> None:
    with database.transaction() as session:
        first, second = make_customer(session), make_customer(session)
        service = TicketService(session)
        mine = [
            service.open(
                subject=f"No. {key}",
                body="",
                topic="other",
                customer_id=first.id,
                idempotency_key=str(key),
            ).number
            for key in range(3)
        ]
        assert service.by_number(mine[0].lower(), asker=AsCustomer(first.id)).number == mine[0]
        with pytest.raises(TicketNotFound):
            service.by_number(mine[0], asker=AsCustomer(second.id))
        assert service.list(asker=AsCustomer(second.id)).items == []
        page = service.list(asker=AsCustomer(first.id), status=TicketStatus.OPEN, limit=2)
        rest = service.list(asker=SYSTEM, cursor=page.next_cursor, limit=2)
        assert {ticket.number for ticket in page.items + rest.items} == set(mine)


@pytest.mark.parametrize(("subject", "key"), [(" ", "m1"), ("x", ""), ("x", "m" * 129)])
def test_bad_input(database: Database, subject: str, key: str) -> None:
    with database.transaction() as session, pytest.raises(Invalid):
        TicketService(session).open(subject=subject, body="", topic="x", idempotency_key=key)


@pytest.mark.parametrize("text", ["T-1234567", "t 1234567", "1234567", "ticket #T1234567?"])
def test_numbers_as_typed(text: str) -> None:
    assert normalise_ticket_number(text) == "T-1234567"


@pytest.mark.parametrize("text", ["KF1234567", "12345678", "T-123", ""])
def test_no_ticket_numbers(text: str) -> None:
    assert normalise_ticket_number(text) is None
