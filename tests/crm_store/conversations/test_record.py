"""The brief, the transcript, the grade."""

import json

import pytest
from sqlalchemy import func, select

from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from crm_store.models import Csat, Visibility
from crm_store.turns import TurnQueue
from foundation.clock import utc_now
from foundation.errors import Invalid
from tests.factories import make_conversation, make_customer, make_order

NLU = {
    "intent": "refund_status",
    "confidence": 0.91,
    "entities": [{"entity": "order_number", "value": "KF-1234567", "start": 0, "end": 10}],
    "sentiment": {"label": "negative", "score": 0.8, "valence": -0.6},
}


def test_the_brief_says_what_an_agent_needs(database: Database) -> None:
    with database.transaction() as session:
        customer = make_customer(session, name="Grete")
        order = make_order(session, customer)
        conversation_id = make_conversation(
            session, customer_id=customer.id, verified_at=utc_now(), verified_by="host"
        ).id
        service, turns = ConversationService(session), TurnQueue(session)
        service.post_customer_message(conversation_id, client_id="a", text="My refund?!")
        work = turns.claim_next("w", lease_seconds=9)
        assert work is not None
        turns.complete(
            work.turn_id,
            worker="w",
            replies=[{"text": "I could not find it.", "payload": None}],
            nlu=NLU,
            actions=["action_refund_status"],
            handoff={"reason": "action_failed", "brief": {"goal": "refund"}},
            latency_ms=12,
        )
        brief = service.brief(conversation_id)
    json.dumps(brief)
    assert brief["reason"] == "action_failed"
    assert brief["assistant"] == {"goal": "refund"}
    assert brief["asked"][0]["intent"] == "refund_status"
    assert brief["asked"][0]["entities"] == [{"entity": "order_number", "value": "KF-1234567"}]
    assert brief["tried"] == ["action_refund_status"]
    assert brief["sentiment"] == [{"seq": 1, "label": "negative", "valence": -0.6}]
    assert brief["customer"]["orders"][0]["number"] == order.number
    assert [m["author"] for m in brief["messages"]] == ["customer", "bot", "system"]


def test_the_brief_of_a_stranger_names_no_customer(database: Database) -> None:
    with database.transaction() as session:
        claimed_only = make_conversation(session, customer_id=make_customer(session).id)
        assert ConversationService(session).brief(claimed_only.id)["customer"] is None


def test_a_transcript_reads_like_a_talk(database: Database) -> None:
    with database.transaction() as session:
        conversation_id = make_conversation(session).id
        service = ConversationService(session)
        service.post_customer_message(conversation_id, client_id="a", text="Hello")
        service.request_handoff(conversation_id, reason="asked", brief={})
        lines = service.transcript(conversation_id, Visibility.PUBLIC).splitlines()
    assert lines[0].endswith("UTC] Customer: Hello")
    assert "next in line" in lines[1]


class TestGrade:
    def test_the_second_grade_replaces_the_first(self, database: Database) -> None:
        with database.transaction() as session:
            conversation_id = make_conversation(session).id
            service = ConversationService(session)
            service.set_csat(conversation_id, score=2, comment="meh")
            service.set_csat(conversation_id, score=5, comment=" \x00")
            assert session.scalar(select(func.count()).select_from(Csat)) == 1
            kept = service.csat(conversation_id)
        assert kept is not None
        assert (kept.score, kept.comment) == (5, None)

    @pytest.mark.parametrize("score", [0, 6, -1])
    def test_a_grade_is_1_to_5(self, sqlite_database: Database, score: int) -> None:
        with sqlite_database.transaction() as session, pytest.raises(Invalid):
            ConversationService(session).set_csat(
                make_conversation(session).id, score=score, comment=None
            )
