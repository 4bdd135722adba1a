"""A turn that is leased in the commit that writes it."""

from datetime import timedelta
from uuid import UUID

from crm_store.conversations.service import ConversationService, Posted
from crm_store.database import Database
from crm_store.models import Conversation, Message, Owner, Turn, TurnStatus
from crm_store.turns import Lease, TurnQueue
from foundation.clock import utc_now
from tests.factories import make_conversation

LEASE = Lease("w", 60.0)


def start(database: Database) -> UUID:
    with database.transaction() as session:
        return make_conversation(session).id


def post(database: Database, conversation_id: UUID, client_id: str) -> Posted:
    with database.transaction() as session:
        return ConversationService(session).post_customer_message(
            conversation_id, client_id=client_id, text=f"text {client_id}", lease=LEASE
        )


def complete(database: Database, turn_id: UUID) -> list[Message]:
    with database.transaction() as session:
        return TurnQueue(session).complete(
            turn_id,
            worker="w",
            replies=[{"text": "answer", "payload": None}],
            nlu={"intent": "greet", "confidence": 1.0, "sentiment": {"label": "neutral"}},
            actions=[],
            handoff=None,
            latency_ms=1,
        )


def claim(database: Database) -> UUID | None:
    with database.transaction() as session:
        work = TurnQueue(session).claim_next("other", lease_seconds=60)
        return work.turn_id if work else None


def test_it_is_running_and_nobody_else_can_have_it(database: Database) -> None:
    posted = post(database, start(database), "a")
    assert posted.work is not None
    assert posted.work.attempts == 1
    assert posted.work.text == "text a"
    with database.reading() as session:
        turn = session.get_one(Turn, posted.work.turn_id)
        assert (turn.status, turn.lease_owner) == (TurnStatus.RUNNING, "w")
    assert claim(database) is None
    assert [message.text for message in complete(database, posted.work.turn_id)] == ["answer"]


def test_a_second_message_waits_for_the_first(database: Database) -> None:
    conversation_id = start(database)
    first, second = post(database, conversation_id, "a"), post(database, conversation_id, "b")
    assert first.work is not None
    assert second.work is None
    assert claim(database) is None
    complete(database, first.work.turn_id)
    assert claim(database) is not None


def test_a_repeated_message_is_not_leased_again(database: Database) -> None:
    conversation_id = start(database)
    assert post(database, conversation_id, "a").work is not None
    again = post(database, conversation_id, "a")
    assert not again.created
    assert again.work is None


def test_when_its_worker_dies_it_is_put_back(database: Database) -> None:
    posted = post(database, start(database), "a")
    assert posted.work is not None
    with database.transaction() as session:
        assert TurnQueue(session).release_expired(utc_now() + timedelta(seconds=61)) == 1
    assert claim(database) == posted.work.turn_id


def test_there_is_none_while_a_person_has_the_conversation(database: Database) -> None:
    conversation_id = start(database)
    with database.transaction() as session:
        ConversationService(session).request_handoff(conversation_id, reason="asked")
    posted = post(database, conversation_id, "a")
    assert posted.work is None
    with database.reading() as session:
        assert session.get_one(Conversation, conversation_id).owner is Owner.QUEUE
    assert claim(database) is None
