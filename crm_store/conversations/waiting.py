"""How long who waits for a person will wait, from how fast people were taken of late."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import ConversationEvent
from foundation.clock import utc_now

LOOKED_BACK = timedelta(hours=2)
MOST_CLAIMS = 30
LEAST_CLAIMS = 3
_ROUND_TO = 30
TAKEN = ("claimed", "assigned")
WAITED = "waited_seconds"
"""In the data of an event by which somebody was taken from the queue."""


class WaitEstimate:
    """The pace at which the queue was worked off, and what follows for a place in it.

    The pace is the time since the earliest of the last 30 people who were taken from the queue in
    the past two hours, shared among them. When agents leave, the time goes on and nobody is taken,
    so the estimate grows by itself, until after two hours nothing is said any more.
    """

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        now = clock()
        rows = session.execute(
            select(ConversationEvent.at, ConversationEvent.data)
            .where(
                ConversationEvent.kind.in_(TAKEN),
                ConversationEvent.at > now - LOOKED_BACK,
                ConversationEvent.at <= now,
            )
            .order_by(ConversationEvent.at.desc())
            .limit(2 * MOST_CLAIMS)
        )
        taken: list[datetime] = [at for at, data in rows if data and WAITED in data][:MOST_CLAIMS]
        self._pace = None
        if len(taken) >= LEAST_CLAIMS:
            self._pace = (now - taken[-1]) / len(taken)

    def seconds(self, position: int) -> int | None:
        """For a place counted from 1, in half minutes upwards; None when there is no basis."""
        if self._pace is None:
            return None
        seconds = self._pace.total_seconds() * position
        return max(_ROUND_TO, _ROUND_TO * round(seconds / _ROUND_TO))
