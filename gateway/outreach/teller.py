"""Says what waits for the customers who are in a chat now."""

from collections.abc import Callable, Collection
from uuid import UUID

from starlette.concurrency import run_in_threadpool

from crm_store.database import Database
from crm_store.outages import DATABASE_AWAY
from crm_store.outreach.delivery import Delivery, Due, due_in
from foundation.clock import utc_now
from gateway.background import PeriodicTask
from gateway.realtime.announcer import Announcer

EVERY_SECONDS = 5.0
_BATCH = 500


class OutreachTeller(PeriodicTask):
    """A task beside the gateway's requests; each gateway looks after its own open sockets.

    A customer without a socket hears it when their next session starts.
    """

    def __init__(
        self,
        *,
        database: Database,
        announcer: Announcer,
        watched: Callable[[], Collection[UUID]],
        every: float = EVERY_SECONDS,
    ) -> None:
        """Args:
        database: where messages wait.
        announcer: tells the sockets.
        watched: the conversations that somebody has open at this gateway.
        every: seconds between two looks.
        """
        super().__init__(every=every)
        self._database = database
        self._announcer = announcer
        self._watched = watched

    async def look(self) -> None:
        watched = list(self._watched())
        for start in range(0, len(watched), _BATCH):
            await run_in_threadpool(self.deliver, watched[start : start + _BATCH])

    def deliver(self, conversations: Collection[UUID]) -> None:
        """Say what may be said in these conversations, one message in each.

        What fails for one customer waits for the next look, and keeps nobody else's back.

        Raises:
            Exception: the first error, once the others were served.
        """
        with self._database.reading() as session:
            found = due_in(session, conversations, at=utc_now())
        failed: Exception | None = None
        for due in found:
            try:
                self._say(due)
            except DATABASE_AWAY:
                raise  # for the others it is away as well
            except Exception as error:
                failed = failed or error
        if failed is not None:
            raise failed

    def _say(self, due: Due) -> None:
        with self._database.transaction() as session:
            said = Delivery(session).deliver(due)
        if said is not None:
            self._announcer.messages([said])
            self._announcer.conversation_changed(due.conversation_id, owner_changed=False)
