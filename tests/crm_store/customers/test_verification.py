"""Proving to be a customer with an order's number and its contact."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from crm_store.asking import AsCustomer
from crm_store.conversations.service import ConversationService
from crm_store.customers.errors import VerificationFailed
from crm_store.customers.verification import Verification, check_limits
from crm_store.database import Database
from crm_store.models import Conversation, Interaction, Interest
from crm_store.turns import TurnQueue
from foundation.clock import utc_now
from foundation.errors import TooManyAttempts
from foundation.ids import new_id
from tests.factories import make_conversation, make_customer, make_order

CONTACT = "grete@example.com"
NUMBER = "KF-7654321"


@pytest.fixture
def grete_id(database: Database) -> UUID:
    """The id of a customer with one order."""
    with database.transaction() as session:
        grete = make_customer(session, email=CONTACT, phone="+491511234567")
        make_order(session, grete, number=NUMBER)
        return grete.id


def start(database: Database, **given: Any) -> UUID:
    with database.transaction() as session:
        return make_conversation(session, **given).id


def verify(database: Database, conversation_id: UUID, number: str, contact: str) -> UUID:
    with database.transaction() as session:
        return (
            Verification(session).by_order(conversation_id, order_number=number, contact=contact).id
        )


@pytest.mark.parametrize("number", [NUMBER, "kf 7654321", "#7654321"])
@pytest.mark.parametrize("contact", [CONTACT, " Grete@EXAMPLE.com", "0151 1234567"])
def test_the_right_pair_verifies(
    database: Database, grete_id: UUID, number: str, contact: str
) -> None:
    conversation_id = start(database)
    with database.reading() as session:
        assert Verification(session).customer_of(conversation_id) is None
    assert verify(database, conversation_id, number, contact) == grete_id
    with database.reading() as session:
        assert Verification(session).customer_of(conversation_id) == AsCustomer(grete_id)
        conversation = session.get_one(Conversation, conversation_id)
        kinds = [e.kind for e in ConversationService(session).events(conversation_id)]
    assert (conversation.verified_by, kinds) == ("order", ["verified"])


@pytest.mark.parametrize(
    ("number", "contact"),
    [
        pytest.param("KF-0000000", CONTACT, id="unknown order"),
        pytest.param(NUMBER, "other@example.com", id="wrong contact"),
        pytest.param("KF-0000000", "other@example.com", id="both wrong"),
        pytest.param("no number", CONTACT, id="no number"),
        pytest.param("\x00", "\x00", id="NUL"),
        pytest.param("", "", id="empty"),
        pytest.param(NUMBER, "%", id="wildcard"),
    ],
)
def test_every_failure_looks_the_same(
    database: Database, grete_id: UUID, number: str, contact: str
) -> None:
    conversation_id = start(database)
    with pytest.raises(VerificationFailed) as refused:
        verify(database, conversation_id, number, contact)
    assert refused.value.detail == VerificationFailed.title
    assert vars(refused.value) == vars(VerificationFailed())
    with database.reading() as session:
        conversation = session.get_one(Conversation, conversation_id)
        assert Verification(session).customer_of(conversation_id) is None
    assert (conversation.customer_id, conversation.verified_at, conversation.version) == (
        None,
        None,
        0,
    )


def test_every_failure_asks_the_database_the_same(
    database: Database, grete_id: UUID, statements: Callable[[Database], list[str]]
) -> None:
    seen = []
    for number, contact in ((NUMBER, "wrong@example.com"), ("KF-0000000", CONTACT)):
        conversation_id = start(database)
        log = statements(database)
        with pytest.raises(VerificationFailed):
            verify(database, conversation_id, number, contact)
        seen.append(list(log))
    assert seen[0] == seen[1] != []


def test_a_customer_without_contacts_cannot_be_verified(database: Database) -> None:
    with database.transaction() as session:
        make_order(session, make_customer(session, email=None), number=NUMBER)
    for contact in ("", "-", "None"):
        with pytest.raises(VerificationFailed):
            verify(database, start(database), NUMBER, contact)


def test_whom_the_host_signed_in_nobody_else_becomes(database: Database, grete_id: UUID) -> None:
    with database.transaction() as session:
        other = make_customer(session).id
    there = {"verified_at": utc_now(), "verified_by": "host"}
    with pytest.raises(VerificationFailed):
        verify(database, start(database, customer_id=other, **there), NUMBER, CONTACT)
    own = start(database, customer_id=grete_id, **there)
    verify(database, own, NUMBER, CONTACT)
    with database.reading() as session:
        assert session.get_one(Conversation, own).verified_by == "host"


def test_what_was_said_before_goes_on_the_record(database: Database, grete_id: UUID) -> None:
    conversation_id = start(database)
    with database.transaction() as session:
        ConversationService(session).post_customer_message(
            conversation_id, client_id="a", text="I love climbing"
        )
        queue = TurnQueue(session)
        work = queue.claim_next("w", lease_seconds=9)
        assert work is not None
        queue.complete(
            work.turn_id,
            worker="w",
            replies=[],
            nlu={"intent": "product_search"},
            actions=[],
            handoff=None,
            latency_ms=1,
        )
        session.add(
            Interest(conversation_id=conversation_id, message_id=work.message_id, term="climbing")
        )
    with database.reading() as session:
        assert session.scalars(select(Interaction)).all() == []
    for _ in range(2):  # a second time changes nothing
        verify(database, conversation_id, NUMBER, CONTACT)
    with database.reading() as session:
        entries = session.scalars(select(Interaction).order_by(Interaction.at)).all()
        interest = session.scalars(select(Interest)).one()
    assert [e.summary for e in entries] == [
        "Wrote: I love climbing",
        "Customer verified in the chat",
    ]
    assert {e.customer_id for e in entries} == {grete_id}
    assert interest.customer_id == grete_id


def someone() -> str:
    """A contact that was not tried before."""
    return f"{uuid4().hex}@example.com"


class TestLimits:
    def test_twenty_tries_with_a_contact_however_it_is_typed(self, database: Database) -> None:
        ways = ("+49 151 2345678", "0151/2345678", "00491512345678")
        for n in range(20):
            check_limits(database, new_id(), f"KF-{n:07d}", contact=ways[n % 3])
        with pytest.raises(TooManyAttempts):
            check_limits(database, new_id(), "KF-0000099", contact=ways[0])
        check_limits(database, new_id(), "KF-0000099", contact="mia@example.com")

    def test_five_tries_in_a_conversation(self, database: Database) -> None:
        conversation_id = new_id()
        for n in range(5):
            check_limits(database, conversation_id, f"KF-000000{n}", contact=someone())
        with pytest.raises(TooManyAttempts):
            check_limits(database, conversation_id, "KF-0000009", contact=someone())
        check_limits(database, new_id(), "KF-0000000", contact=someone())

    def test_ten_tries_on_an_order_however_it_is_typed(self, database: Database) -> None:
        for n in range(10):
            check_limits(database, new_id(), ("KF-7654321", "kf 7654321")[n % 2], contact=someone())
        with pytest.raises(TooManyAttempts):
            check_limits(database, new_id(), "#7654321", contact=someone())

    def test_a_try_stays_counted_when_the_order_is_blocked(self, database: Database) -> None:
        for _ in range(10):
            check_limits(database, new_id(), NUMBER, contact=someone())
        conversation_id = new_id()
        for _ in range(5):
            with pytest.raises(TooManyAttempts):
                check_limits(database, conversation_id, NUMBER, contact=someone())
        with pytest.raises(TooManyAttempts):
            check_limits(database, conversation_id, "KF-0000000", contact=someone())
