"""Jobs: with the caller's transaction, once, again after a failure, never twice at a time."""

import threading
from datetime import timedelta

import pytest

from crm_store.database import Database
from crm_store.jobs import JobContext, JobKind, JobKinds, JobLost, JobService
from crm_store.jobs.errors import JobTaken, UnknownJobKind
from crm_store.models import Job, JobStatus
from foundation.errors import Conflict
from tests.crm_store.jobs.conftest import Clock, MakeRunner

NOTHING = JobKind("nothing", lambda _: None)


def enqueue(database: Database, kind: str = "nothing", **given: object) -> Job:
    with database.transaction() as session:
        return JobService(session).enqueue(kind, **given)  # type: ignore[arg-type]


def read(database: Database, job: Job) -> Job:
    with database.reading() as session:
        return JobService(session).get(job.id)


class TestEnqueueing:
    def test_a_job_exists_when_its_transaction_does(self, database: Database) -> None:
        def fail() -> None:
            with database.transaction() as session:
                JobService(session).enqueue("nothing")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        with database.reading() as session:
            assert JobService(session).latest() == []

    def test_an_unfinished_job_of_that_key_is_joined(
        self, database: Database, make_runner: MakeRunner
    ) -> None:
        first = enqueue(database, unique_key="one")
        assert enqueue(database, unique_key="one").id == first.id
        assert make_runner(NOTHING).run_due()
        assert enqueue(database, unique_key="one").id != first.id

    def test_jobs_without_a_key_are_all_done(
        self, database: Database, make_runner: MakeRunner
    ) -> None:
        assert enqueue(database).id != enqueue(database).id
        runner = make_runner(NOTHING)
        assert [runner.run_due() for _ in range(3)] == [True, True, False]

    def test_not_before_its_time(
        self, database: Database, make_runner: MakeRunner, clock: Clock
    ) -> None:
        enqueue(database, run_at=clock.now + timedelta(hours=1))
        runner = make_runner(NOTHING)
        assert not runner.run_due()
        clock.move(hours=1)
        assert runner.run_due()

    def test_what_is_due_at_once_does_not_wait_for_a_clock_that_went_back(
        self, database: Database, make_runner: MakeRunner, clock: Clock
    ) -> None:
        enqueue(database)
        clock.move(days=-400)
        assert make_runner(NOTHING).run_due()


class TestRunning:
    def test_the_result_is_kept(self, database: Database, make_runner: MakeRunner) -> None:
        job = enqueue(database, "count", payload={"to": 3})
        count = JobKind("count", lambda context: {"counted": context.payload["to"]})
        make_runner(count).run_due()
        job = read(database, job)
        assert (job.status, job.result, job.attempts) == (JobStatus.DONE, {"counted": 3}, 1)

    def test_it_is_tried_again_with_growing_pauses_and_then_given_up(
        self, database: Database, make_runner: MakeRunner, clock: Clock
    ) -> None:
        kind = JobKind("bad", lambda _: 1 // 0, attempts=3, backoff=timedelta(seconds=10))  # type: ignore[arg-type, return-value]
        job, runner = enqueue(database, "bad"), make_runner(kind)
        for pause in (10, 20):
            assert runner.run_due()
            assert not runner.run_due()
            clock.move(seconds=pause)
        assert runner.run_due()
        clock.move(days=1)
        assert not runner.run_due()
        job = read(database, job)
        assert (job.status, job.attempts) == (JobStatus.DEAD, 3)
        assert job.last_error == "ZeroDivisionError"

    def test_an_error_of_ours_is_kept_by_its_code(
        self, database: Database, make_runner: MakeRunner
    ) -> None:
        def refuse(_: JobContext) -> None:
            raise Conflict("grete@example.com is in the way")

        job = enqueue(database, "refuse")
        make_runner(JobKind("refuse", refuse)).run_due()
        assert read(database, job).last_error == "conflict"

    def test_a_retry_does_not_wait_for_a_clock_that_went_back(
        self, database: Database, make_runner: MakeRunner, clock: Clock
    ) -> None:
        enqueue(database, "bad")
        runner = make_runner(JobKind("bad", lambda _: 1 // 0))  # type: ignore[arg-type, return-value]
        runner.run_due()
        clock.move(days=-30)
        assert runner.run_due()

    def test_work_of_an_unknown_kind_is_left_to_a_worker_that_knows_it(
        self, database: Database, make_runner: MakeRunner
    ) -> None:
        enqueue(database, "of tomorrow's version")
        assert not make_runner(NOTHING).run_due()

    def test_a_stop_gives_the_job_back_untried_and_it_goes_on_from_its_state(
        self, database: Database, make_runner: MakeRunner
    ) -> None:
        stop, steps = threading.Event(), []

        def walk(context: JobContext) -> dict[str, int]:
            for step in range(context.state.get("step", 0), 4):
                steps.append(step)
                context.save({"step": step + 1})
                if step == 1:
                    stop.set()
                context.check()
            return {"steps": 4}

        job, runner = enqueue(database, "walk"), make_runner(JobKind("walk", walk))
        runner.run_due(stop)
        waiting = read(database, job)
        assert (waiting.status, waiting.attempts, steps) == (JobStatus.WAITING, 0, [0, 1])
        stop.clear()
        runner.run_due()
        assert (read(database, job).status, steps) == (JobStatus.DONE, [0, 1, 2, 3])

    def test_many_workers_do_each_job_once(
        self, database: Database, make_runner: MakeRunner
    ) -> None:
        done: list[int] = []
        kind = JobKind("note", lambda context: done.append(context.payload["n"]))
        for number in range(12):
            enqueue(database, "note", payload={"n": number})

        def work() -> None:
            runner = make_runner(kind)
            while runner.run_due():
                pass

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(done) == list(range(12))


class TestDeadWorkers:
    def test_a_silent_run_loses_its_job_to_the_next(
        self, database: Database, make_runner: MakeRunner
    ) -> None:
        job = enqueue(database)
        with database.transaction() as session:
            JobService(session).claim(["nothing"], run="killed")
        runner = make_runner(NOTHING, lease_seconds=0.0)
        assert not runner.run_due()  # the watch begins
        runner.run_due()  # silent since: put back as a failure
        assert read(database, job).last_error == "WorkerDied"

    def test_a_run_that_beats_keeps_its_job(
        self, database: Database, make_runner: MakeRunner
    ) -> None:
        job = enqueue(database)
        with database.transaction() as session:
            JobService(session).claim(["nothing"], run="alive")
        runner = make_runner(NOTHING, lease_seconds=0.0)
        for _ in range(3):
            assert not runner.run_due()
            with database.transaction() as session:
                JobService(session).beat(job.id, run="alive")
        assert read(database, job).locked_by == "alive"

    def test_who_lost_a_job_can_neither_end_it_nor_save(
        self, database: Database, make_runner: MakeRunner
    ) -> None:
        job = enqueue(database)
        kinds = JobKinds.of([NOTHING])
        with database.transaction() as session:
            claimed = JobService(session).claim(["nothing"], run="first")
            assert claimed is not None
            assert JobService(session).take_from_dead(
                job.id, run="first", beats=claimed.beats, kinds=kinds
            )
        with database.transaction() as session:
            service = JobService(session)
            for attempt in (
                lambda: service.finish(claimed, NOTHING, None, run="first"),
                lambda: service.save_state(job.id, {}, run="first"),
                lambda: service.beat(job.id, run="first"),
            ):
                with pytest.raises(JobLost):
                    attempt()

    def test_a_taken_job_cannot_be_run_by_hand(
        self, database: Database, make_runner: MakeRunner
    ) -> None:
        job = enqueue(database)
        with database.transaction() as session:
            JobService(session).claim(["nothing"], run="other")
        with pytest.raises(JobTaken):
            make_runner(NOTHING).run_job(job.id, stop=threading.Event())


def test_kinds_have_names_of_their_own() -> None:
    with pytest.raises(ValueError, match="nothing"):
        JobKinds.of([NOTHING, NOTHING])
    with pytest.raises(UnknownJobKind):
        JobKinds.of([])["nothing"]
