"""The bot's turns when something goes wrong."""

import asyncio
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm_store.database import Database
from crm_store.models import Message, Turn, TurnStatus
from crm_store.turns import TurnQueue
from foundation.clock import utc_now
from foundation.settings import Settings
from gateway.turns.worker import worker_prefix
from tests.gateway.support.double import AssistantDouble, reply
from tests.gateway.support.running import Gateway, wait_until


def turns(database: Database) -> list[Turn]:
    with database.reading() as session:
        return list(session.scalars(select(Turn).order_by(Turn.created_at)))


def test_a_failing_turn_is_tried_again(gateway: Gateway, assistant: AssistantDouble) -> None:
    assistant.status = 500
    visitor = gateway.visitor()
    visitor.say("hello")
    wait_until(lambda: assistant.requests)
    assistant.status = 200
    messages = visitor.wait_for(1)
    assert messages[1]["text"] == "You said: hello"
    assert len({request["turn_id"] for request in assistant.requests}) == 1


def test_after_the_last_try_the_customer_is_told_and_offered_a_person(
    gateway: Gateway, assistant: AssistantDouble
) -> None:
    assistant.status = 500
    visitor = gateway.visitor()
    visitor.say("hello")
    apology = visitor.wait_for(1)[1]
    assert "saved" in apology["text"]
    assert len(assistant.requests) == 3
    button = apology["payload"]["buttons"][0]
    assert visitor.say(payload=button["payload"]).status_code == 201
    # It needs no assistant to get in line.
    line = visitor.wait_for(1, author="system", seconds=15)[-1]
    assert "in line" in line["text"]


def test_a_slow_assistant_is_cut_off_and_asked_again(
    sqlite_gateway: Gateway, assistant: AssistantDouble
) -> None:
    assistant.delay = 3.0
    visitor = sqlite_gateway.visitor()
    visitor.say("hello")
    wait_until(lambda: assistant.requests)
    assistant.delay = 0.0
    began = time.monotonic()
    messages = visitor.wait_for(1)
    assert time.monotonic() - began < 6
    assert len(messages) == 2


def test_an_assistant_that_restarts_is_waited_for(
    sqlite_gateway: Gateway, assistant: AssistantDouble
) -> None:
    assistant.status = 503
    visitor = sqlite_gateway.visitor()
    visitor.say("hello")
    # More tries than a failing turn gets.
    wait_until(lambda: len(assistant.requests) > 4, seconds=20)
    assistant.status = 200
    assert visitor.wait_for(1)[1]["text"] == "You said: hello"
    assert len(visitor.messages()) == 2


def test_waiting_for_a_restart_uses_up_no_tries(
    sqlite_gateway: Gateway, assistant: AssistantDouble
) -> None:
    """The first answer after a restart may be slow, or fail; it is not the last try for that."""
    assistant.status = 503
    visitor = sqlite_gateway.visitor()
    visitor.say("hello")
    wait_until(lambda: len(assistant.requests) > 3, seconds=20)
    assistant.status = 500
    seen = len(assistant.requests)
    wait_until(lambda: len(assistant.requests) > seen, seconds=20)
    assistant.status = 200
    assert visitor.wait_for(1)[1]["text"] == "You said: hello"


def test_an_answer_that_is_none_counts_as_a_failure(
    sqlite_gateway: Gateway, assistant: AssistantDouble
) -> None:
    assistant.behave = lambda turn: {"surprise": True}
    visitor = sqlite_gateway.visitor()
    visitor.say("hello")
    assert "saved" in visitor.wait_for(1)[1]["text"]


def test_turns_of_a_conversation_run_one_after_the_other(
    gateway: Gateway, assistant: AssistantDouble
) -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def slow(turn: dict[str, str]) -> dict[str, object]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        with lock:
            running -= 1
        return reply(turn["text"])

    assistant.behave = slow
    visitor = gateway.visitor()
    for number in range(5):
        visitor.say(f"n{number}")
    messages = visitor.wait_for(5)
    assert most == 1
    said = [m["text"] for m in messages if m["author"] == "bot"]
    assert said == [f"n{number}" for number in range(5)]


def test_conversations_run_beside_each_other(
    sqlite_gateway: Gateway, assistant: AssistantDouble
) -> None:
    together = threading.Barrier(4, timeout=5)

    def meet(turn: dict[str, str]) -> dict[str, object]:
        together.wait()
        return reply(turn["text"])

    assistant.behave = meet
    visitors = [sqlite_gateway.visitor() for _ in range(4)]
    for visitor in visitors:
        visitor.say("hello")
    for visitor in visitors:
        assert len(visitor.wait_for(1)) == 2


def test_what_was_understood_is_on_the_message(
    gateway: Gateway, assistant: AssistantDouble
) -> None:
    assistant.behave = lambda turn: reply("Here it is", intent="order_status")
    visitor = gateway.visitor()
    visitor.say("where is it")
    visitor.wait_for(1)
    with gateway.database.reading() as session:
        message = session.scalars(select(Message).where(Message.seq == 1)).one()
    assert message.intent == "order_status"
    assert message.confidence == pytest.approx(0.93)
    assert message.actions == ["utter_order_status"]
    assert message.latency_ms is not None
    assert 0 < message.latency_ms < 5_000


def test_an_error_of_the_store_costs_a_try_and_no_message(
    sqlite_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = [True]
    complete = TurnQueue.complete

    def fail_once(self: TurnQueue, *args: object, **kwargs: object) -> object:
        if fails:
            fails.pop()
            raise RuntimeError("the disk is full")
        return complete(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(TurnQueue, "complete", fail_once)
    visitor = sqlite_gateway.visitor()
    visitor.say("hello")
    assert visitor.wait_for(1)[1]["text"] == "You said: hello"
    assert len(visitor.messages()) == 2


def test_what_a_dead_gateway_held_is_taken_over_at_the_start(
    sqlite_gateway: Gateway, settings: Settings, assistant: AssistantDouble
) -> None:
    """As after ``kill -9``: the turn is leased to a worker of the same address that is gone."""
    dispatcher = sqlite_gateway.app.state.parts.dispatcher
    loop = dispatcher._loop
    asyncio.run_coroutine_threadsafe(dispatcher.stop(), loop).result(10)
    visitor = sqlite_gateway.visitor()
    visitor.say("hello")
    with sqlite_gateway.database.transaction() as session:
        assert TurnQueue(session).claim_next(f"{worker_prefix(settings)}dead", lease_seconds=600)
    (held,) = turns(sqlite_gateway.database)
    assert held.status is TurnStatus.RUNNING
    assert held.lease_expires_at is not None
    assert held.lease_expires_at > utc_now() + timedelta(minutes=5)
    asyncio.run_coroutine_threadsafe(dispatcher.start(worker_prefix(settings)), loop).result(10)
    assert visitor.wait_for(1)[1]["text"] == "You said: hello"


def test_what_a_stop_leaves_unfinished_is_due_at_once(
    sqlite_gateway: Gateway, assistant: AssistantDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.turns.dispatcher._DRAIN_SECONDS", 0.1)
    assistant.delay = 1.5
    visitor = sqlite_gateway.visitor()
    visitor.say("hello")
    wait_until(lambda: assistant.requests)
    dispatcher = sqlite_gateway.app.state.parts.dispatcher
    asyncio.run_coroutine_threadsafe(dispatcher.stop(), dispatcher._loop).result(10)
    (left,) = turns(sqlite_gateway.database)
    assert left.status is TurnStatus.PENDING
    assert left.lease_owner is None
