"""Runs the bot's turns that wait in the store.

A turn is a row of work written with the customer's message. Whatever is killed here, the row stays:
its lease runs out, or the restarted gateway takes it back at once, and the connector answers the
same turn twice with the same answer. The reply and the end of the turn are one commit, so the
customer is answered once.
"""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import anyio
import structlog
from anyio import CapacityLimiter
from sqlalchemy.exc import SQLAlchemyError

from crm_store.database import Database
from crm_store.models import Author
from crm_store.turns import Lease, TurnQueue, TurnWork
from foundation.clock import utc_now
from foundation.errors import Conflict
from foundation.settings import Settings
from gateway.assistant import (
    Assistant,
    AssistantFailed,
    AssistantReply,
    AssistantUnreachable,
    TurnRequest,
)
from gateway.metrics import Metrics
from gateway.realtime.announcer import Announcer
from gateway.tracing import span
from gateway.turns.request_ids import RequestIds
from gateway.turns.slots import Slots

log = structlog.get_logger(__name__)
T = TypeVar("T")

APOLOGY = (
    "I am sorry, I cannot answer right now. Your message is saved. "
    "Would you like me to pass it on to a person?"
)
_POLL_SECONDS = 1.0
_EXPIRE_SECONDS = 5.0
_DRAIN_SECONDS = 5.0
_LEASE_MARGIN_SECONDS = 15.0
_KNOCK_SECONDS = 1.0


@dataclass(slots=True)
class Offer:
    """A lease for a turn that is about to be written, and the turn once it was."""

    lease: Lease | None
    work: TurnWork | None = None


class Dispatcher:
    """Claims turns and has them answered, a number of conversations at a time."""

    def __init__(
        self,
        *,
        settings: Settings,
        database: Database,
        assistant: Assistant,
        announcer: Announcer,
        metrics: Metrics,
        wake_others: Callable[[], None] = lambda: None,
        concurrency: int = 8,
        unreachable_patience_seconds: float = 30.0,
    ) -> None:
        """Args:
        wake_others: tells the other gateway processes of work that has to wait here.
        unreachable_patience_seconds: how long a customer waits for an assistant that restarts
            before they are told that no answer can be given.
        """
        self._settings = settings
        self._database = database
        self._assistant = assistant
        self._announcer = announcer
        self._metrics = metrics
        self._wake_others = wake_others
        self._request_ids = RequestIds()
        self._worker = ""
        self._lease_seconds = settings.turn_timeout_seconds + _LEASE_MARGIN_SECONDS
        self._patience = unreachable_patience_seconds
        self._slots = Slots(concurrency)
        # Threads of its own: a flood of requests must not keep replies from being written.
        self._threads = CapacityLimiter(4)
        self._woken = asyncio.Event()
        self._others_wait = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._main: asyncio.Task[None] | None = None

    def wake(self, message_id: UUID | None = None) -> None:
        """There is work that has to wait here, and that others may do; callable from any thread.

        Args:
            message_id: of the message to answer; its turn is logged under the present request's id.
        """
        if message_id is not None:
            self._request_ids.remember(message_id)
        self.wake_here()
        self._wake_others()

    def wake_here(self) -> None:
        """There is work that another process has no room for; callable from any thread."""
        self._on_loop(self._woken.set)

    @contextlib.contextmanager
    def offer(self) -> Iterator[Offer]:
        """Offer a lease for a turn that is written inside the block; from any thread.

        A turn that is written under it needs no claiming, which saves a transaction: the block
        puts the work into the offer after its commit, and it is run.
        """
        taken = self.is_running and self._slots.take_at_once()
        offer = Offer(Lease(self._worker, self._lease_seconds) if taken else None)
        try:
            yield offer
        finally:
            if offer.work is not None:
                self._request_ids.remember(offer.work.message_id)
                self._on_loop(self._start_answer, offer.work)
            elif taken:
                self._slots.give_back()
                self.wake_here()

    async def start(self, worker_prefix: str) -> None:
        """Take back what a dead predecessor left, then run until stopped.

        Args:
            worker_prefix: the same for each process in this one's place and for no living one, so
                that a start may take back what its predecessor had in hand.
        """
        self._loop = asyncio.get_running_loop()
        self._worker = f"{worker_prefix}{secrets.token_hex(4)}"
        taken = await self._commit(lambda queue: queue.reset_worker(worker_prefix))
        if taken:
            log.info("turns_taken_over", count=taken)
            self.wake()
        self._main = asyncio.create_task(self._run(), name="dispatcher")

    async def stop(self) -> None:
        """Claim no more, give running turns a moment, leave the rest to the next start."""
        if self._main is not None:
            self._main.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._main
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=_DRAIN_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._hand_back()

    async def _hand_back(self) -> None:
        """What was not finished is due at once, for another process or the next start."""
        if not self._worker:
            return  # never started
        try:
            left = await self._commit(lambda queue: queue.reset_worker(self._worker))
        except SQLAlchemyError as error:
            log.warning("turns_not_handed_back", error=type(error).__name__)
            return
        if left:
            log.info("turns_handed_back", count=left)
            self._wake_others()

    @property
    def is_running(self) -> bool:
        return self._main is not None and not self._main.done()

    async def _run(self) -> None:
        expired_at = 0.0
        while True:
            try:
                now = asyncio.get_running_loop().time()
                if now - expired_at >= _EXPIRE_SECONDS:
                    expired_at = now
                    await self._commit(lambda queue: queue.release_expired(utc_now()))
                await self._claim_all()
            except Exception as error:
                # The database may be away for a moment; turns stay where they are.
                log.error("claiming_failed", error=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), _POLL_SECONDS)
            self._woken.clear()

    async def _claim_all(self) -> None:
        while self._slots.take():
            work = None
            try:
                self._woken.clear()
                work = await self._in_thread(self._claim)
            finally:
                if work is None:
                    self._slots.give_back()
            if work is None:
                return
            self._start_answer(work)

    def _start_answer(self, work: TurnWork) -> None:
        if not self.is_running:
            self._slots.give_back()  # stopping: the next start takes the turn back
            return
        task = asyncio.create_task(self._answer(work))
        self._running.add(task)
        task.add_done_callback(self._finished)

    def _on_loop(self, function: Callable[..., Any], *arguments: Any) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *arguments)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._slots.give_back()
        if self._others_wait or self._slots.others_wait:
            self._woken.set()  # perhaps for this turn's slot, or for its end
        if not task.cancelled() and (error := task.exception()) is not None:
            # Nothing was written: the lease runs out and the turn is tried again.
            log.error("turn_failed", error=type(error).__name__)

    async def _answer(self, work: TurnWork) -> None:
        # The task's own context: it needs no unbinding.
        request_id = self._request_ids.of(work.message_id)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        turn = str(work.turn_id)
        with span("turn", turn=turn, attempts=work.attempts, request_id=request_id):
            await self._answer_logged(work, request_id)

    async def _answer_logged(self, work: TurnWork, request_id: str) -> None:
        self._metrics.stage("queued", (utc_now() - work.waiting_since).total_seconds())
        self._announcer.typing(work.conversation_id, author=Author.BOT, on=True, to="customer")
        asked_at = time.perf_counter()
        try:
            reply = await self._assistant.turn(
                TurnRequest(
                    turn_id=work.message_id,
                    conversation_id=work.conversation_id,
                    text=work.text,
                    payload=_button(work.payload),
                    metadata={
                        "message_id": str(work.message_id),
                        "locale": work.locale or "en",
                        "verified": work.verified,
                        **_answered_form(work.payload),
                        "request_id": request_id,
                    },
                )
            )
        except AssistantUnreachable as error:
            self._metrics.assistant_error("unreachable")
            waited = (utc_now() - work.waiting_since).total_seconds()
            # Not counted: the first slow answer after a restart would else be the last try.
            await self._not_answered(
                work, str(error), hopeless=waited >= self._patience, delay=_KNOCK_SECONDS
            )
        except AssistantFailed as error:
            self._metrics.assistant_error(error.kind)
            hopeless = work.attempts >= self._settings.turn_attempts
            await self._not_answered(work, str(error), hopeless=hopeless)
        else:
            self._metrics.stage("assistant", time.perf_counter() - asked_at)
            try:
                await self._complete(work, reply)
            except Exception as error:
                # Nothing of it was written; the assistant gives the same answer again.
                hopeless = work.attempts >= self._settings.turn_attempts
                await self._not_answered(work, type(error).__name__, hopeless=hopeless)

    async def _complete(self, work: TurnWork, reply: AssistantReply) -> None:
        latency = utc_now() - work.waiting_since
        latency_ms = int(latency.total_seconds() * 1000)
        begun = time.perf_counter()

        def store_and_tell() -> int:
            with self._database.transaction() as session:
                messages = TurnQueue(session).complete(
                    work.turn_id,
                    worker=self._worker,
                    replies=[message.model_dump() for message in reply.messages],
                    nlu=reply.nlu,
                    actions=reply.actions,
                    handoff=reply.handoff.model_dump() if reply.handoff else None,
                    latency_ms=latency_ms,
                )
            self._announcer.turn_done(
                work.conversation_id,
                replies=messages,
                question_seq=work.seq,
                owner_changed=reply.handoff is not None,
                was_verified=work.verified,
            )
            return len(messages)

        try:
            replies = await self._in_thread(store_and_tell)
        except Conflict:
            # Somebody else holds or has finished this turn; the customer hears it from them.
            self._metrics.turn("superseded")
            return
        self._metrics.stage("commit", time.perf_counter() - begun)
        self._metrics.turn("answered", latency.total_seconds())
        if reply.handoff is not None:
            self._metrics.handoff(reply.handoff.reason)
        log.info(
            "turn_answered",
            turn=str(work.turn_id),
            conversation=str(work.conversation_id),
            replies=replies,
            attempts=work.attempts,
            latency_ms=latency_ms,
            handoff=reply.handoff is not None,
        )

    async def _not_answered(
        self, work: TurnWork, error: str, *, hopeless: bool, delay: float | None = None
    ) -> None:
        """Try again after ``delay``, which does not count; without one later each time. Or stop."""
        log.warning(
            "turn_not_answered",
            turn=str(work.turn_id),
            attempts=work.attempts,
            error=error,
            hopeless=hopeless,
        )
        try:
            if hopeless:
                await self._commit(
                    lambda queue: queue.give_up(
                        work.turn_id, worker=self._worker, error=error, text=APOLOGY
                    )
                )
            else:
                later = min(0.5 * 2 ** (work.attempts - 1), 3.0)
                await self._commit(
                    lambda queue: queue.retry(
                        work.turn_id,
                        worker=self._worker,
                        error=error,
                        delay_seconds=later if delay is None else delay,
                        counted=delay is None,
                    )
                )
        except Conflict:
            self._metrics.turn("superseded")
            return
        self._metrics.turn("given_up" if hopeless else "retried")
        if hopeless:
            await self._in_thread(
                lambda: self._announcer.turn_done(
                    work.conversation_id,
                    replies=(),
                    question_seq=work.seq,
                    owner_changed=True,
                    was_verified=work.verified,
                )
            )

    def _claim(self) -> TurnWork | None:
        with self._database.reading() as session:
            self._others_wait = TurnQueue(session).anything_due()
        if not self._others_wait:
            return None  # idling takes no write lock
        with self._database.transaction() as session:
            return TurnQueue(session).claim_next(self._worker, lease_seconds=self._lease_seconds)

    async def _commit(self, work: Callable[[TurnQueue], T]) -> T:
        def run() -> T:
            with self._database.transaction() as session:
                return work(TurnQueue(session))

        return await self._in_thread(run)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work, limiter=self._threads)


def _button(payload: dict[str, Any] | None) -> str | None:
    """The chosen button's payload; the gateway has checked that the bot offered it."""
    button = (payload or {}).get("button")
    return str(button["payload"]) if button else None


def _answered_form(payload: dict[str, Any] | None) -> dict[str, Any]:
    """``form``: the id and the values of a form that the customer has filled in."""
    answer = (payload or {}).get("form_answer")
    if not isinstance(answer, dict):
        return {}
    return {"form": {"id": answer.get("id"), "values": answer.get("values")}}
