"""A worker that erases, and a look at everything that lies on the disk."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from crm_store.asking import AsStaff, AsSystem
from crm_store.database import Database
from crm_store.jobs import JobKinds, JobRunner
from crm_store.models import Base, Job, Role
from crm_store.privacy.erasing.job import ERASURE_KIND
from crm_store.privacy.erasing.service import ErasureService
from foundation.ids import new_id
from foundation.settings import Settings

ADMIN = AsStaff(new_id(), Role.ADMIN)
OPERATOR = AsSystem("an operator at the terminal")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    var = tmp_path / "var"
    var.mkdir()
    # Nothing listens there: the assistant does not run.
    return Settings(var=var, rasa_port=9, _env_file=None)


@pytest.fixture
def runner(database: Database, settings: Settings) -> JobRunner:
    return JobRunner(database, settings, JobKinds.of([ERASURE_KIND]))


@pytest.fixture
def erase(database: Database, runner: JobRunner) -> Callable[[Any], Job]:
    def run(customer_id: Any) -> Job:
        with database.transaction() as session:
            job = ErasureService(session).request(customer_id, asker=OPERATOR)
        return runner.run_job(job.id, stop=threading.Event())

    return run


def remains(database: Database, marks: Sequence[str]) -> list[str]:
    """Where in the database a mark can still be read; on SQLite, in the bytes of its files."""
    if database.is_sqlite:
        path = Path(str(database.url.database))
        return [
            f"{file.name}: {mark}"
            for file in path.parent.glob(f"{path.name}*")
            for mark in marks
            if mark.lower().encode() in file.read_bytes().lower()
        ]
    found = []
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for (row,) in session.execute(text(f"SELECT t::text FROM {table.name} AS t")):
                found += [f"{table.name}: {m}" for m in marks if m.lower() in row.lower()]
    return found


def snapshot(database: Database, words: Sequence[str]) -> dict[str, list[str]]:
    """Every row that holds one of the words, as text."""
    rows: dict[str, list[str]] = {}
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(table.select()):
                if any(word in str(row) for word in words):
                    rows.setdefault(table.name, []).append(str(row))
    return rows
