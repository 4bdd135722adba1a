"""A worker whose kinds of job the test chooses, and whose clock it sets."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_store.database import Database
from crm_store.jobs import JobKind, JobKinds, JobRunner, service
from foundation.settings import Settings

MakeRunner = Callable[..., JobRunner]


class Clock:
    """The wall clock as the jobs see it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(service, "utc_now", clock)
    return clock


@pytest.fixture
def make_runner(database: Database, tmp_path: Path) -> MakeRunner:
    settings = Settings(var=tmp_path / "var", _env_file=None)

    def make(*kinds: JobKind, lease_seconds: float = 60.0) -> JobRunner:
        return JobRunner(database, settings, JobKinds.of(kinds), lease_seconds=lease_seconds)

    return make
