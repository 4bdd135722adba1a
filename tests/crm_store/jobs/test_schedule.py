"""Periodic jobs: once however many workers, caught up once, whatever the clock does."""

from datetime import UTC, datetime, time, timedelta

import pytest

from crm_store.database import Database
from crm_store.jobs import DailyAt, Every, JobKind, JobService
from crm_store.models import Job, JobStatus
from tests.crm_store.jobs.conftest import Clock, MakeRunner

RUNS: list[datetime] = []


@pytest.fixture
def nightly(clock: Clock) -> JobKind:
    RUNS.clear()
    return JobKind("nightly", lambda _: RUNS.append(clock.now), schedule=DailyAt(time(3)))


def planned(database: Database) -> Job:
    with database.reading() as session:
        (job,) = JobService(session).latest(kind="nightly", status=JobStatus.WAITING)
        return job


def test_daily_at_is_the_next_such_time() -> None:
    daily = DailyAt(time(3))
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert daily.after(noon) == datetime(2026, 6, 2, 3, tzinfo=UTC)
    assert daily.after(noon.replace(hour=2)) == datetime(2026, 6, 1, 3, tzinfo=UTC)
    assert daily.after(noon.replace(hour=3)) == datetime(2026, 6, 2, 3, tzinfo=UTC)


def test_it_runs_once_a_day_however_many_workers(
    make_runner: MakeRunner, nightly: JobKind, clock: Clock
) -> None:
    workers = [make_runner(nightly) for _ in range(3)]
    for _ in range(4 * 24):
        for worker in workers:
            worker.run_due()
        clock.move(hours=1)
    assert [run.day for run in RUNS] == [2, 3, 4, 5]


def test_missed_runs_are_caught_up_once(
    database: Database, make_runner: MakeRunner, nightly: JobKind, clock: Clock
) -> None:
    worker = make_runner(nightly)
    worker.run_due()
    clock.move(days=9)
    assert [worker.run_due() for _ in range(3)] == [True, False, False]
    assert planned(database).run_at == datetime(2026, 6, 11, 3, tzinfo=UTC)


def test_a_clock_that_goes_back_a_little_makes_it_run_no_second_time(
    make_runner: MakeRunner, nightly: JobKind, clock: Clock
) -> None:
    worker = make_runner(nightly)
    worker.run_due()
    clock.now = datetime(2026, 6, 2, 3, 0, 1, tzinfo=UTC)
    assert worker.run_due()
    clock.move(hours=-2)
    for _ in range(5):
        assert not worker.run_due()
        clock.move(hours=1)
    assert len(RUNS) == 1


def test_a_clock_that_goes_back_during_the_run_makes_it_run_no_second_time(
    database: Database, make_runner: MakeRunner, clock: Clock
) -> None:
    kind = JobKind("nightly", lambda _: clock.move(hours=-2), schedule=DailyAt(time(3)))
    worker = make_runner(kind)
    worker.run_due()
    clock.now = datetime(2026, 6, 2, 3, 0, 1, tzinfo=UTC)
    assert worker.run_due()
    assert planned(database).run_at == datetime(2026, 6, 3, 3, tzinfo=UTC)


def test_a_clock_that_was_years_ahead_does_not_stop_it_for_years(
    make_runner: MakeRunner, nightly: JobKind, clock: Clock
) -> None:
    worker = make_runner(nightly)
    clock.move(days=2000)
    worker.run_due()
    clock.move(days=1)
    assert worker.run_due()
    clock.now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert not worker.run_due()
    clock.move(days=1)
    assert worker.run_due()


def test_a_dead_run_is_due_again_next_time(make_runner: MakeRunner, clock: Clock) -> None:
    def fail(_: object) -> None:
        raise OSError

    kind = JobKind("flaky", fail, schedule=Every(timedelta(hours=6)), attempts=1)
    worker = make_runner(kind)
    worker.run_due()
    for _ in range(2):
        clock.move(hours=6)
        assert worker.run_due()
        assert not worker.run_due()


@pytest.mark.parametrize(("period", "kept"), [(timedelta(seconds=30), 1), (timedelta(hours=6), 3)])
def test_of_what_runs_all_the_time_the_last_run_is_kept(
    database: Database, make_runner: MakeRunner, clock: Clock, period: timedelta, kept: int
) -> None:
    worker = make_runner(JobKind("often", lambda _: None, schedule=Every(period)))
    worker.run_due()
    for _ in range(3):
        clock.now += period
        assert worker.run_due()
    with database.reading() as session:
        done = JobService(session).latest(kind="often", status=JobStatus.DONE)
    assert len(done) == kept
