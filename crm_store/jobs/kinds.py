"""What a job is: its name, what it does, when it is due, how often it is tried."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, ClassVar, Protocol

from crm_store.database import Database
from crm_store.jobs.errors import UnknownJobKind
from foundation.settings import Settings

Result = dict[str, Any]


class Schedule(Protocol):
    """When a periodic job is due again."""

    @property
    def period(self) -> timedelta:
        """The time between two runs."""
        ...

    def after(self, moment: datetime) -> datetime:
        """The first time it is due that lies after ``moment``."""
        ...


@dataclass(frozen=True, slots=True)
class Every:
    """Again so long after the last run."""

    period: timedelta

    def after(self, moment: datetime) -> datetime:
        return moment + self.period


@dataclass(frozen=True, slots=True)
class DailyAt:
    """Once a day at this time, in UTC."""

    at: time
    period: timedelta = timedelta(days=1)

    def after(self, moment: datetime) -> datetime:
        today = datetime.combine(moment.date(), self.at, tzinfo=moment.tzinfo)
        return today if today > moment else today + self.period


class JobContext(Protocol):
    """What a running job may use. Payload, state and result must hold no personal data."""

    database: Database
    settings: Settings

    @property
    def payload(self) -> dict[str, Any]:
        """What was asked for."""
        ...

    @property
    def state(self) -> dict[str, Any]:
        """How far an earlier run of this job has come; empty at first."""
        ...

    def save(self, state: dict[str, Any]) -> None:
        """Remember how far the job has come.

        Raises:
            JobLost: another run has the job.
        """
        ...

    def check(self) -> None:
        """Call between two steps of long work.

        Raises:
            JobInterrupted: the worker is asked to stop.
            JobLost: another run has the job.
        """
        ...

    def progress(self, done: int, total: int | None = None) -> None:
        """Tell whoever is watching."""
        ...


@dataclass(frozen=True, slots=True)
class JobKind:
    """How to do one kind of job.

    Attributes:
        name: stable, at most 64 characters, like ``retention``.
        run: does it; what it returns (counts) is kept. Must bear being run again after it was
            killed anywhere.
        schedule: for periodic kinds.
        attempts: so many failures and it is dead; a periodic one is still due again next time.
        backoff: the pause after the first failure; doubled with each one, up to an hour.
    """

    name: str
    run: Callable[[JobContext], Result | None]
    schedule: Schedule | None = None
    attempts: int = 5
    backoff: timedelta = timedelta(seconds=10)

    MOST_BACKOFF: ClassVar[timedelta] = timedelta(hours=1)

    def pause_after(self, attempts: int) -> timedelta:
        """How long to wait after so many failures."""
        return min(self.backoff * (1 << min(attempts - 1, 20)), self.MOST_BACKOFF)


@dataclass(frozen=True)
class JobKinds:
    """All kinds that a worker can do, by name."""

    _by_name: dict[str, JobKind] = field(default_factory=dict)

    @classmethod
    def of(cls, kinds: Iterable[JobKind]) -> "JobKinds":
        """Of these; a name may be there once."""
        by_name: dict[str, JobKind] = {}
        for kind in kinds:
            if kind.name in by_name:
                raise ValueError(f"two kinds of job are named {kind.name}")
            by_name[kind.name] = kind
        return cls(by_name)

    def __iter__(self) -> Iterator[JobKind]:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> JobKind:
        """The kind.

        Raises:
            UnknownJobKind: there is none of that name.
        """
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownJobKind(f"there is no kind of job named {name[:64]}") from None

    @property
    def names(self) -> list[str]:
        """Their names, sorted."""
        return sorted(self._by_name)
