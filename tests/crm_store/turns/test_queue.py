"""The turn queue."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from crm_store.models import (
    Author,
    Conversation,
    ConversationStatus,
    Interaction,
    Message,
    Owner,
    Turn,
    TurnStatus,
    Visibility,
)
from crm_store.turns import TurnQueue, TurnWork
from crm_store.turns.errors import TurnNotHeld
from foundation.clock import utc_now
from foundation.ids import new_id
from tests.factories import as_staff, make_conversation, make_customer, make_user

NLU: dict[str, Any] = {
    "intent": "order_status",
    "confidence": 0.93,
    "ranking": [{"name": "order_status", "confidence": 0.93}],
    "entities": [{"entity": "order_number", "value": "KF-1234567", "start": 0, "end": 10}],
    "sentiment": {"label": "negative", "score": 0.7, "valence": -0.4},
}


def start(database: Database, **given: Any) -> UUID:
    with database.transaction() as session:
        return make_conversation(session, **given).id


def say(database: Database, conversation_id: UUID, *texts: str, **given: Any) -> None:
    for text in texts:
        with database.transaction() as session:
            ConversationService(session).post_customer_message(
                conversation_id, client_id=f"c{new_id().hex}", text=text, **given
            )


def claim(database: Database, worker: str = "w", seconds: float = 60) -> TurnWork | None:
    with database.transaction() as session:
        return TurnQueue(session).claim_next(worker, lease_seconds=seconds)


def must_claim(database: Database, worker: str = "w", seconds: float = 60) -> TurnWork:
    work = claim(database, worker, seconds)
    assert work is not None
    return work


def complete(database: Database, work: TurnWork, worker: str = "w", **given: Any) -> list[Message]:
    answer: dict[str, Any] = {
        "replies": [{"text": f"re: {work.text}", "payload": None}],
        "nlu": NLU,
        "actions": ["action_order_status"],
        "handoff": None,
        "latency_ms": 15,
    }
    with database.transaction() as session:
        return TurnQueue(session).complete(work.turn_id, worker=worker, **answer | given)


def statuses(database: Database) -> list[TurnStatus]:
    with database.reading() as session:
        return list(session.scalars(select(Turn.status).order_by(Turn.seq)))


def texts(database: Database, conversation_id: UUID, author: Author) -> list[str]:
    with database.reading() as session:
        messages = ConversationService(session).messages(conversation_id, audience=Visibility.NOTE)
    return [message.text for message in messages if message.author is author]


class TestClaiming:
    def test_turns_of_a_conversation_run_in_order(self, database: Database) -> None:
        conversation_id = start(database)
        say(database, conversation_id, "one", "two")
        first = must_claim(database)
        assert (first.text, first.seq, first.attempts, first.verified) == ("one", 1, 1, False)
        assert claim(database) is None
        complete(database, first)
        assert must_claim(database).text == "two"

    def test_a_retry_keeps_its_place(self, database: Database) -> None:
        conversation_id = start(database)
        say(database, conversation_id, "one", "two")
        first = must_claim(database)
        with database.transaction() as session:
            TurnQueue(session).retry(first.turn_id, worker="w", error="Timeout", delay_seconds=60)
        assert claim(database) is None  # "two" waits behind "one"
        with database.transaction() as session:
            session.execute(update(Turn).values(available_at=utc_now()))
        again = must_claim(database)
        assert (again.text, again.attempts) == ("one", 2)

    def test_conversations_do_not_wait_for_each_other(self, database: Database) -> None:
        for text in ("a", "b"):
            say(database, start(database), text)
        assert [must_claim(database).text for _ in range(2)] == ["a", "b"]

    def test_it_is_known_whether_anything_is_due(self, database: Database) -> None:
        with database.reading() as session:
            assert not TurnQueue(session).anything_due()
        say(database, start(database), "a")
        with database.reading() as session:
            assert TurnQueue(session).anything_due()

    def test_the_work_says_what_was_chosen_and_who_is_there(self, database: Database) -> None:
        with database.transaction() as session:
            conversation_id = make_conversation(
                session, customer_id=make_customer(session).id, verified_at=utc_now()
            ).id
        say(database, conversation_id, "Yes", payload={"button": "/affirm"})
        work = must_claim(database)
        assert (work.payload, work.verified) == ({"button": "/affirm"}, True)

    @pytest.mark.parametrize("status", [ConversationStatus.OPEN, ConversationStatus.RESOLVED])
    def test_the_bot_is_silent_where_a_person_took_over(
        self, database: Database, status: ConversationStatus
    ) -> None:
        conversation_id = start(database)
        say(database, conversation_id, "one", "two")
        with database.transaction() as session:
            service, agent = ConversationService(session), make_user(session)
            service.claim(conversation_id, asker=as_staff(agent))
            if status is ConversationStatus.RESOLVED:
                service.resolve(conversation_id, asker=as_staff(agent))
        assert claim(database) is None
        assert statuses(database) == [TurnStatus.SKIPPED] * 2

    def test_workers_at_once_never_share_a_turn(self, database: Database) -> None:
        for n in range(8):
            say(database, start(database), f"a{n}", f"b{n}")

        def work(worker: str) -> list[str]:
            done = []
            while (turn := claim(database, worker)) is not None:
                complete(database, turn, worker)
                done.append(turn.text)
            return done

        with ThreadPoolExecutor(4) as pool:
            done = [text for texts in pool.map(work, "wxyz") for text in texts]
            # One worker may stop while another still holds the turn before; that one goes on.
            done += work("last")
        assert Counter(done) == Counter(f"{c}{n}" for c in "ab" for n in range(8))


class TestCompleting:
    def test_the_answer_and_what_was_understood_are_stored(self, database: Database) -> None:
        with database.transaction() as session:
            customer = make_customer(session)
            conversation_id = make_conversation(
                session, customer_id=customer.id, verified_at=utc_now(), verified_by="host"
            ).id
        say(database, conversation_id, "where is KF-1234567?")
        buttons = {"buttons": [{"title": "Cancel it", "payload": "/order_cancel"}]}
        (reply,) = complete(
            database, must_claim(database), replies=[{"text": "On its way\x00", "payload": buttons}]
        )
        with database.reading() as session:
            asked = session.scalars(select(Message).where(Message.seq == 1)).one()
            conversation = session.get_one(Conversation, conversation_id)
            entry = session.scalars(select(Interaction)).one()
            turn = session.scalars(select(Turn)).one()
        assert (reply.seq, reply.text, reply.payload) == (2, "On its way", buttons)
        assert (reply.author, reply.in_reply_to) == (Author.BOT, asked.id)
        assert (asked.intent, asked.confidence, asked.sentiment, asked.valence) == (
            "order_status",
            0.93,
            "negative",
            -0.4,
        )
        assert (asked.nlu, asked.actions, asked.latency_ms) == (NLU, ["action_order_status"], 15)
        assert (conversation.topic, conversation.sentiment_valence) == ("order_status", -0.4)
        assert conversation.version == 0  # the state is as before
        assert (turn.status, turn.lease_owner) == (TurnStatus.DONE, None)
        assert entry.customer_id == customer.id
        assert entry.data is not None
        expected = {
            "text": "where is KF-1234567?",
            "intent": "order_status",
            "confidence": 0.93,
            "entities": NLU["entities"],
            "sentiment": "negative",
            "actions": ["action_order_status"],
            "latency_ms": 15,
        }
        assert expected.items() <= entry.data.items()

    def test_small_talk_is_no_topic(self, database: Database) -> None:
        conversation_id = start(database)
        say(database, conversation_id, "KF-1", "thanks")
        complete(database, must_claim(database))
        complete(database, must_claim(database), nlu={"intent": "thanks", "confidence": 1})
        with database.reading() as session:
            conversation = session.get_one(Conversation, conversation_id)
        assert (conversation.topic, conversation.sentiment_valence) == ("order_status", -0.4)

    @pytest.mark.parametrize("nlu", [{}, {"intent": None, "sentiment": None, "entities": None}])
    def test_nothing_understood_is_no_failure(
        self, database: Database, nlu: dict[str, Any]
    ) -> None:
        say(database, start(database), "???")
        complete(database, must_claim(database), nlu=nlu)
        assert statuses(database) == [TurnStatus.DONE]

    def test_a_turn_is_answered_once(self, database: Database) -> None:
        conversation_id = start(database)
        say(database, conversation_id, "hello")
        work = must_claim(database)
        complete(database, work)
        with pytest.raises(TurnNotHeld):
            complete(database, work)
        assert texts(database, conversation_id, Author.BOT) == ["re: hello"]

    def test_of_two_who_complete_at_once_one_is_heard(self, database: Database) -> None:
        conversation_id = start(database)
        say(database, conversation_id, "hello")
        work = must_claim(database)

        def answer(_: int) -> bool:
            try:
                complete(database, work)
            except TurnNotHeld:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(answer, range(4))) == 1
        assert texts(database, conversation_id, Author.BOT) == ["re: hello"]

    def test_a_slow_workers_answer_is_refused(self, database: Database) -> None:
        conversation_id = start(database)
        say(database, conversation_id, "hello")
        slow = must_claim(database, "slow", seconds=0)
        with database.transaction() as session:
            assert TurnQueue(session).release_expired(utc_now()) == 1
        quick = must_claim(database, "quick")
        assert quick.attempts == 2
        with pytest.raises(TurnNotHeld):
            complete(database, slow, "slow")
        complete(database, quick, "quick")
        assert texts(database, conversation_id, Author.BOT) == ["re: hello"]

    def test_an_unknown_turn_is_refused(self, database: Database) -> None:
        say(database, start(database), "hello")
        with database.transaction() as session, pytest.raises(TurnNotHeld):
            TurnQueue(session).give_up(new_id(), worker="w", error="x", text="sorry")

    def test_a_failure_while_storing_leaves_the_turn_as_it_was(self, database: Database) -> None:
        conversation_id = start(database)
        say(database, conversation_id, "hello")
        work = must_claim(database)

        def fail_before_the_commit() -> None:
            with database.transaction() as session:
                TurnQueue(session).complete(
                    work.turn_id,
                    worker="w",
                    replies=[{"text": "hi", "payload": None}],
                    nlu=NLU,
                    actions=[],
                    handoff={"reason": "asked", "brief": {}},
                    latency_ms=1,
                )
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail_before_the_commit()
        assert statuses(database) == [TurnStatus.RUNNING]
        assert texts(database, conversation_id, Author.BOT) == []
        complete(database, work)

    def test_a_handoff_puts_the_customer_in_line(self, database: Database) -> None:
        conversation_id = start(database)
        say(database, conversation_id, "a person please", "hello?")
        complete(
            database,
            must_claim(database),
            handoff={"reason": "asked", "brief": {"goal": "human_handoff"}},
        )
        with database.reading() as session:
            conversation = session.get_one(Conversation, conversation_id)
        assert (conversation.owner, conversation.handoff_reason) == (Owner.QUEUE, "asked")
        assert conversation.handoff_brief == {"goal": "human_handoff"}
        assert claim(database) is None
        assert statuses(database) == [TurnStatus.DONE, TurnStatus.SKIPPED]

    def test_an_answer_after_a_person_took_over_is_not_said(self, database: Database) -> None:
        conversation_id = start(database)
        say(database, conversation_id, "hello")
        work = must_claim(database)
        with database.transaction() as session:
            ConversationService(session).claim(conversation_id, asker=as_staff(make_user(session)))
        assert complete(database, work, handoff={"reason": "asked", "brief": {}}) == []
        assert statuses(database) == [TurnStatus.SKIPPED]
        assert texts(database, conversation_id, Author.BOT) == []
        with database.reading() as session:
            asked = session.scalars(select(Message).where(Message.seq == 1)).one()
            owner = session.get_one(Conversation, conversation_id).owner
        assert asked.intent == "order_status"  # understood all the same
        assert owner is Owner.AGENT


class TestFailing:
    def test_giving_up_offers_a_person(self, database: Database) -> None:
        conversation_id = start(database)
        say(database, conversation_id, "hello", "still there?")
        work = must_claim(database)
        with database.transaction() as session:
            message = TurnQueue(session).give_up(
                work.turn_id, worker="w", error="Timeout", text="I cannot answer right now."
            )
        assert message is not None
        assert message.text == "I cannot answer right now."
        assert message.payload is not None
        assert message.payload["event"] == "cannot_answer"
        with database.reading() as session:
            offered = ConversationService(session).offered(conversation_id, "/human_handoff")
        assert offered == {"title": "Talk to a person", "payload": "/human_handoff"}
        assert statuses(database) == [TurnStatus.FAILED, TurnStatus.PENDING]
        assert must_claim(database).text == "still there?"

    @pytest.mark.parametrize(
        "button", ["/human_handoff", {"title": "A person", "payload": "/human_handoff"}]
    )
    def test_the_offer_works_without_the_assistant(self, database: Database, button: Any) -> None:
        conversation_id = start(database)
        say(database, conversation_id, "Talk to a person", payload={"button": button})
        work = must_claim(database)
        with database.transaction() as session:
            TurnQueue(session).give_up(work.turn_id, worker="w", error="Timeout", text="Sorry.")
        with database.reading() as session:
            conversation = session.get_one(Conversation, conversation_id)
        assert (conversation.owner, conversation.handoff_reason) == (
            Owner.QUEUE,
            "assistant_unavailable",
        )

    def test_nothing_is_said_when_a_person_took_over(self, database: Database) -> None:
        conversation_id = start(database)
        say(database, conversation_id, "hello")
        work = must_claim(database)
        with database.transaction() as session:
            ConversationService(session).claim(conversation_id, asker=as_staff(make_user(session)))
        with database.transaction() as session:
            told = TurnQueue(session).give_up(
                work.turn_id, worker="w", error="Timeout", text="Sorry."
            )
        assert told is None

    def test_only_the_holder_retries(self, database: Database) -> None:
        say(database, start(database), "hello")
        work = must_claim(database)
        with database.transaction() as session, pytest.raises(TurnNotHeld):
            TurnQueue(session).retry(work.turn_id, worker="x", error="e", delay_seconds=0)

    def test_a_restarted_process_puts_back_what_it_held(self, database: Database) -> None:
        for text in "abc":
            say(database, start(database), text)
        for worker in ("gate_way-1:0", "gate_way-1:1", "gateXway-1:0"):
            must_claim(database, worker)
        with database.transaction() as session:
            assert TurnQueue(session).reset_worker("gate_way-1:") == 2
        assert sorted(statuses(database)) == ["pending", "pending", "running"]

    def test_a_lease_in_force_is_left_alone(self, database: Database) -> None:
        say(database, start(database), "a")
        must_claim(database, seconds=60)
        with database.transaction() as session:
            queue = TurnQueue(session)
            assert queue.release_expired(utc_now()) == 0
            assert queue.release_expired(utc_now() + timedelta(seconds=61)) == 1
