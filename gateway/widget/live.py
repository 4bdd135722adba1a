"""Sessions with open sockets: kept alive while in use, shut when they have ended."""

import contextlib
import time
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from starlette.concurrency import run_in_threadpool

from crm_store.conversations.service import ConversationService
from crm_store.conversations.sessions import KEEP_EVERY
from crm_store.database import Database
from gateway.background import PeriodicTask
from gateway.realtime.announcer import Announcer

LOOK_SECONDS = 10.0
_BATCH = 500


class LiveSessions(PeriodicTask):
    """Looks after the sessions of this process's sockets.

    Whoever ends a session tells its sockets at once. This finds what nobody told: a session that
    ran out, was deleted by a command or with its conversation, or ended while Redis was away.
    An open socket is a use of its session, which so outlasts a night in an open tab.
    """

    def __init__(self, database: Database, announcer: Announcer, *, hours: float) -> None:
        super().__init__(every=LOOK_SECONDS)
        self._database = database
        self._announcer = announcer
        self._hours = hours
        self._open: Counter[tuple[UUID, UUID]] = Counter()
        self._kept_at = time.monotonic()

    @contextlib.contextmanager
    def looked_after(self, session_id: UUID, conversation_id: UUID) -> Iterator[None]:
        """A socket of this session is open."""
        key = (session_id, conversation_id)
        self._open[key] += 1
        try:
            yield
        finally:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]

    def conversations(self) -> frozenset[UUID]:
        """Those that somebody has open at this gateway."""
        return frozenset(conversation_id for _, conversation_id in list(self._open))

    async def look(self) -> None:
        """Shut the sockets of ended sessions; now and then, move the ends of the others."""
        keeps = time.monotonic() - self._kept_at >= KEEP_EVERY.total_seconds()
        if keeps:
            self._kept_at = time.monotonic()
        there = list(self._open)
        for start in range(0, len(there), _BATCH):
            batch = dict(there[start : start + _BATCH])
            ended = await run_in_threadpool(self._ended, batch, keeps)
            for session_id, conversation_id in ended.items():
                self._announcer.sessions_ended(conversation_id, [session_id])

    def _ended(self, sessions: dict[UUID, UUID], keeps: bool) -> dict[UUID, UUID]:
        """Those of the sessions, with their conversations, that have ended."""
        with self._database.reading() as session:
            alive = ConversationService(session).alive(sessions)
        if keeps and alive:
            with self._database.transaction() as session:
                ConversationService(session).keep(alive, hours=self._hours)
        return {key: value for key, value in sessions.items() if key not in alive}
