"""Rate limits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm_store.attempts import AttemptLimiter
from crm_store.database import Database
from crm_store.models import Attempt
from foundation.clock import utc_now
from foundation.errors import TooManyAttempts


def hit(database: Database, subject: str = "a", limit: int = 3) -> bool:
    try:
        with database.transaction() as session:
            AttemptLimiter(session).hit("login", subject, limit=limit, window_seconds=60)
    except TooManyAttempts:
        return False
    return True


def test_the_try_after_the_last_allowed_is_refused(database: Database) -> None:
    assert [hit(database) for _ in range(5)] == [True, True, True, False, False]
    assert hit(database, subject="b")


def test_it_says_when_to_come_back(database: Database) -> None:
    hit(database, limit=1)
    with database.transaction() as session, pytest.raises(TooManyAttempts) as refused:
        AttemptLimiter(session).hit("login", "a", limit=1, window_seconds=60)
    assert 55 <= refused.value.retry_after <= 60


def test_old_tries_leave_the_window(database: Database) -> None:
    assert [hit(database, limit=1), hit(database, limit=1)] == [True, False]
    with database.transaction() as session:
        session.execute(update(Attempt).values(at=utc_now() - timedelta(seconds=61)))
    assert hit(database, limit=1)


def test_forgetting_clears_the_count(database: Database) -> None:
    hit(database, limit=1)
    with database.transaction() as session:
        AttemptLimiter(session).forget("login", "a")
    assert hit(database, limit=1)


def test_the_subject_itself_is_not_stored(database: Database) -> None:
    hit(database, subject="someone@example.com")
    with database.reading() as session:
        (attempt,) = session.scalars(select(Attempt))
    assert "example" not in attempt.subject


def test_tries_at_once_do_not_slip_through(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        allowed = list(pool.map(lambda _: hit(database), range(12)))
    assert sum(allowed) == 3
