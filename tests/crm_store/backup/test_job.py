"""The nightly backup is a job like any other."""

import threading

import pytest

from analytics.feed.kinds import job_kinds
from crm_store.backup.folder import backups_in
from crm_store.backup.job import BACKUP, BACKUP_KIND
from crm_store.database import Database
from crm_store.jobs import JobKinds, JobRunner, JobService
from crm_store.models import Job, JobStatus
from foundation.settings import Settings
from tests.crm_store.backup.conftest import settings_for


def run(shop: Database, settings: Settings, *, stop: bool = False) -> Job:
    runner = JobRunner(shop, settings, JobKinds.of([BACKUP_KIND]))
    with shop.transaction() as session:
        job = JobService(session).enqueue(BACKUP_KIND.name)
    stopped = threading.Event()
    if stop:
        stopped.set()
    return runner.run_job(job.id, stop=stopped)


def test_the_worker_knows_it() -> None:
    assert job_kinds()[BACKUP].schedule is not None


@pytest.mark.parametrize("keep", [0, 2])
def test_it_keeps_as_many_as_wanted(shop: Database, settings: Settings, keep: int) -> None:
    url = shop.url.render_as_string(hide_password=False)
    wanted = settings_for(settings.var, url, backup_keep=keep)
    for _ in range(3):
        job = run(shop, wanted)
        assert job.status is JobStatus.DONE
    assert len(backups_in(wanted.resolved_backup_folder)) == keep
    assert (job.result or {}).get("removed", 0) == (1 if keep else 0)


def test_a_worker_that_stops_gives_it_back(shop: Database, settings: Settings) -> None:
    assert run(shop, settings, stop=True).status is JobStatus.WAITING
    assert backups_in(settings.resolved_backup_folder) == []
    assert list(settings.var.glob("*-work")) == []
