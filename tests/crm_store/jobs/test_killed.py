"""A worker that is killed in the middle of a job: the next one goes on, and nothing is lost."""

import os
import subprocess
import sys
import time
from pathlib import Path

from crm_store.database import Database
from crm_store.jobs import JobService
from crm_store.models import JobStatus
from tests.crm_store.jobs import walker
from tests.crm_store.jobs.conftest import MakeRunner
from tests.crm_store.jobs.walker import STEPS, walk_kind


def test_the_next_worker_goes_on_where_the_killed_one_was(
    database: Database, make_runner: MakeRunner, tmp_path: Path
) -> None:
    with database.transaction() as session:
        job = JobService(session).enqueue("walk")
    lines = tmp_path / "lines"
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, str(walker.__file__), url, str(lines)]
    environment = os.environ | {"PYTHONPATH": os.getcwd()}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "hanging\n"
        child.kill()
    runner = make_runner(walk_kind(lines), lease_seconds=0.5)
    deadline = time.monotonic() + 30
    finished = False
    while not finished and time.monotonic() < deadline:
        runner.run_due()
        with database.transaction() as session:
            row = JobService(session).get(job.id)
            finished = row.status is JobStatus.DONE
            if row.last_error == "WorkerDied":
                row.run_at = None  # no need to wait for the pause
        time.sleep(0.05)
    assert finished
    assert lines.read_text().split() == [str(step) for step in range(STEPS)]
