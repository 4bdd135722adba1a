"""Rows written past the unit of work are what it would have written, and what the session knows."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError, StatementError

from crm_store.database import Database
from crm_store.models import Author, Conversation, Customer, Message, Turn, TurnStatus, Visibility
from crm_store.writes import insert_now, update_now
from foundation.clock import utc_now
from tests.factories import make_conversation, make_customer

NLU = {"intent": {"name": "order_status"}, "entities": [{"value": "KF-1"}]}


def message(conversation: Conversation, seq: int, **given: Any) -> Message:
    values: dict[str, Any] = {
        "conversation_id": conversation.id,
        "seq": seq,
        "author": Author.CUSTOMER,
        "text": "Wo ist mein Zelt? ⛺",
    }
    return Message(**values | given)


def columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs}


def test_an_insert_is_what_the_unit_of_work_writes(database: Database) -> None:
    at = utc_now() - timedelta(days=1)
    given: dict[str, Any] = {"nlu": NLU, "payload": None, "sent_at": at, "confidence": 0.5}
    with database.transaction() as session:
        conversation = make_conversation(session)
        usual = message(conversation, 1, **given)
        session.add(usual)
        session.flush()
        direct = message(conversation, 2, **given)
        insert_now(session, direct)
        ids = usual.id, direct.id
    with database.reading() as session:
        first, second = (columns(session.get_one(Message, one)) for one in ids)
    for name in ("id", "seq"):
        assert first.pop(name) != second.pop(name)
    assert first == second
    assert (second["visibility"], second["client_id"]) == (Visibility.PUBLIC, None)


def test_the_session_knows_an_inserted_row_as_its_own(database: Database) -> None:
    with database.transaction() as session:
        conversation = make_conversation(session)
        first, second = message(conversation, 1), message(conversation, 2)
        insert_now(session, first, second)
        assert first.id != second.id
        assert abs(utc_now() - first.sent_at) < timedelta(minutes=1)
        assert session.get(Message, first.id) is first
        assert not session.is_modified(first)
        first.text = "changed later, as any row"
    with database.reading() as session:
        texts = session.scalars(select(Message.text).order_by(Message.seq)).all()
    assert texts == ["changed later, as any row", "Wo ist mein Zelt? ⛺"]


def test_an_insert_keeps_the_databases_rules_and_rolls_back(database: Database) -> None:
    with database.transaction() as session:
        conversation = make_conversation(session)
        insert_now(session, message(conversation, 1))
    with pytest.raises(IntegrityError), database.transaction() as session:
        insert_now(session, message(conversation, 2), message(conversation, 1))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 1


def test_an_insert_writes_nothing_else_that_waits(database: Database) -> None:
    with database.transaction() as session:
        conversation = make_conversation(session)
        with session.no_autoflush:
            waiting = Customer(name="Not yet")
            session.add(waiting)
            insert_now(session, message(conversation, 1))
            assert waiting in session.new
            session.expunge(waiting)


def test_an_update_sets_the_row_and_its_object(database: Database) -> None:
    with database.transaction() as session:
        conversation = make_conversation(session)
        asked, other = message(conversation, 1), message(conversation, 2)
        insert_now(session, asked, other)
        update_now(session, asked, {"nlu": NLU, "intent": "order_status", "actions": ["a"]})
        assert (asked.nlu, asked.intent) == (NLU, "order_status")
        assert not session.is_modified(asked)
        update_now(session, asked, {"intent": None})
    with database.reading() as session:
        rows = session.scalars(select(Message).order_by(Message.seq)).all()
        assert [(row.nlu, row.intent, row.actions) for row in rows] == [
            (NLU, None, ["a"]),
            (None, None, None),
        ]


def test_what_is_encrypted_stays_so(database: Database) -> None:
    with database.transaction() as session:
        customer = make_customer(session, email=None)
        update_now(session, customer, {"street": "Lindenweg 3"})
        raw = session.connection().exec_driver_sql("SELECT street FROM customers").scalar_one()
        assert "Lindenweg" not in raw
    with database.reading() as session:
        assert session.get_one(Customer, customer.id).street == "Lindenweg 3"


def test_enums_and_times_go_through_their_types(database: Database) -> None:
    at = utc_now()
    with database.transaction() as session:
        conversation = make_conversation(session)
        asked = message(conversation, 1)
        insert_now(session, asked)
        turn = Turn(conversation_id=conversation.id, message_id=asked.id, seq=1, available_at=at)
        insert_now(session, turn)
        assert turn.status is TurnStatus.PENDING
        update_now(
            session,
            turn,
            {"status": TurnStatus.RUNNING, "lease_owner": "w", "lease_expires_at": at},
        )
    with database.reading() as session:
        found = session.get_one(Turn, turn.id)
        assert (found.status, found.lease_expires_at) == (TurnStatus.RUNNING, at)
    unknown = {"status": f"unknown-{uuid4().hex}"}
    with pytest.raises(StatementError), database.transaction() as session:
        update_now(session, session.get_one(Turn, turn.id), unknown)
