"""Rate limits that hold across processes: tries are counted in the store."""

import math
from datetime import timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from crm_store.models import Attempt
from foundation.clock import utc_now
from foundation.errors import TooManyAttempts
from foundation.ids import token_digest


class AttemptLimiter:
    """Counts tries in a sliding window.

    A try has to stay counted when the request it belongs to fails, so hit in a transaction of its
    own that commits before the try is made.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def hit(self, scope: str, subject: str, *, limit: int, window_seconds: int) -> None:
        """Count one try by ``subject``.

        Raises:
            TooManyAttempts: ``limit`` tries lie within the window already; this one is not counted.
        """
        digest = token_digest(subject)
        now = utc_now()
        self._one_at_a_time(f"{scope}:{digest}")
        mine = (Attempt.scope == scope, Attempt.subject == digest)
        start = now - timedelta(seconds=window_seconds)
        self._session.execute(delete(Attempt).where(*mine, Attempt.at <= start))
        count, oldest = self._session.execute(
            select(func.count(), func.min(Attempt.at)).where(*mine)
        ).one()
        if count >= limit:
            wait = (oldest - start).total_seconds()
            raise TooManyAttempts(retry_after=max(1, math.ceil(wait)))
        self._session.add(Attempt(scope=scope, subject=digest, at=now))
        self._session.flush()

    def forget(self, scope: str, subject: str) -> None:
        """Drop the count, e.g. after the right password."""
        digest = token_digest(subject)
        self._session.execute(
            delete(Attempt).where(Attempt.scope == scope, Attempt.subject == digest)
        )

    def _one_at_a_time(self, key: str) -> None:
        """Counting and adding must not interleave; SQLite's write lock sees to that by itself."""
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(
                text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key}
            )
