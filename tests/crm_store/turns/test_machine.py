"""Whatever happens in whatever order, each message is answered once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run
from sqlalchemy import select

from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from crm_store.models import Author, Message, Owner, Turn, TurnStatus
from crm_store.turns import TurnQueue, TurnWork
from crm_store.turns.errors import TurnNotHeld
from foundation.clock import utc_now
from tests.factories import as_staff, make_conversation, make_user

WORKERS = st.sampled_from(["gateway-1", "gateway-2"])
CHATS = st.integers(0, 1)


@dataclass
class Held:
    work: TurnWork
    worker: str


@dataclass
class Model:
    posted: int = 0
    held: list[Held] = field(default_factory=list)
    """What workers believe to hold; a lease may have gone since."""


def machine(database: Database) -> type[RuleBasedStateMachine]:
    """The state machine over this database."""

    class Turns(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            with database.transaction() as session:
                self.agent = make_user(session)
                self.chats: list[UUID] = [make_conversation(session).id for _ in range(2)]
            self.model = Model()

        @rule(chat=CHATS)
        def post(self, chat: int) -> None:
            with database.transaction() as session:
                ConversationService(session).post_customer_message(
                    self.chats[chat], client_id=f"c{self.model.posted}", text="hello"
                )
            self.model.posted += 1

        @rule(worker=WORKERS)
        def claim(self, worker: str) -> None:
            with database.transaction() as session:
                work = TurnQueue(session).claim_next(worker, lease_seconds=60)
            if work is not None:
                self.model.held.append(Held(work, worker))

        def _finish(self, data: Any, act: Callable[[TurnQueue, Held], object]) -> None:
            held = data.draw(st.sampled_from(self.model.held))
            try:
                with database.transaction() as session:
                    act(TurnQueue(session), held)
            except TurnNotHeld:
                pass  # put back or finished before: nothing may have been written

        @precondition(lambda self: self.model.held)
        @rule(data=st.data())
        def complete(self, data: Any) -> None:
            self._finish(
                data,
                lambda queue, held: queue.complete(
                    held.work.turn_id,
                    worker=held.worker,
                    replies=[{"text": "answer", "payload": None}],
                    nlu={"intent": "greet"},
                    actions=[],
                    handoff=None,
                    latency_ms=1,
                ),
            )

        @precondition(lambda self: self.model.held)
        @rule(data=st.data())
        def give_up(self, data: Any) -> None:
            self._finish(
                data,
                lambda queue, held: queue.give_up(
                    held.work.turn_id, worker=held.worker, error="Timeout", text="sorry"
                ),
            )

        @precondition(lambda self: self.model.held)
        @rule(data=st.data())
        def retry(self, data: Any) -> None:
            self._finish(
                data,
                lambda queue, held: queue.retry(
                    held.work.turn_id, worker=held.worker, error="Timeout", delay_seconds=0
                ),
            )

        @rule(worker=WORKERS)
        def restart(self, worker: str) -> None:
            with database.transaction() as session:
                TurnQueue(session).reset_worker(worker)

        @rule()
        def leases_run_out(self) -> None:
            with database.transaction() as session:
                TurnQueue(session).release_expired(utc_now() + timedelta(minutes=2))

        @rule(chat=CHATS, to=st.sampled_from([Owner.AGENT, Owner.BOT]))
        def change_owner(self, chat: int, to: Owner) -> None:
            with database.transaction() as session:
                service = ConversationService(session)
                if to is Owner.AGENT:
                    service.claim(self.chats[chat], asker=as_staff(self.agent))
                else:
                    service.release(self.chats[chat], asker=as_staff(self.agent), to=Owner.BOT)

        @invariant()
        def each_message_is_answered_at_most_once(self) -> None:
            with database.reading() as session:
                messages = session.scalars(
                    select(Message).where(Message.conversation_id.in_(self.chats))
                ).all()
                turns = session.scalars(
                    select(Turn).where(Turn.conversation_id.in_(self.chats))
                ).all()
            answered = [m.in_reply_to for m in messages if m.author is Author.BOT]
            assert len(answered) == len(set(answered))
            finished = {
                t.message_id for t in turns if t.status in (TurnStatus.DONE, TurnStatus.FAILED)
            }
            assert set(answered) == finished
            assert sum(m.author is Author.CUSTOMER for m in messages) == self.model.posted
            for chat in self.chats:
                seqs = sorted(m.seq for m in messages if m.conversation_id == chat)
                assert seqs == list(range(1, len(seqs) + 1))
                mine = sorted((t for t in turns if t.conversation_id == chat), key=lambda t: t.seq)
                running = [t for t in mine if t.status is TurnStatus.RUNNING]
                assert len(running) <= 1
                for turn in running:  # everything before it is finished
                    earlier = [t.status for t in mine if t.seq < turn.seq]
                    assert TurnStatus.PENDING not in earlier

        def teardown(self) -> None:
            """In the end the queue drains: whatever happened, no turn is stuck."""
            with database.transaction() as session:
                queue = TurnQueue(session)
                queue.reset_worker("")
                for _ in range(self.model.posted):
                    work = queue.claim_next("last", lease_seconds=60)
                    if work is not None:
                        queue.give_up(work.turn_id, worker="last", error="end", text="sorry")
                left = session.scalars(
                    select(Turn.status).where(
                        Turn.conversation_id.in_(self.chats),
                        Turn.status.in_([TurnStatus.PENDING, TurnStatus.RUNNING]),
                    )
                ).all()
            assert left == []
            self.each_message_is_answered_at_most_once()

    return Turns


def test_turns_survive_everything(database: Database) -> None:
    run(
        machine(database),
        settings=settings(max_examples=12, stateful_step_count=25, deadline=None),
    )
