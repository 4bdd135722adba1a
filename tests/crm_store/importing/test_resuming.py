"""A run that is killed goes on where it was, without doubles and without gaps."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm_store.asking import AsStaff
from crm_store.database import Database
from crm_store.importing.errors import ImportUnderWay
from crm_store.importing.run import Importer
from crm_store.importing.run.folder import fingerprint_of
from crm_store.models import Customer, ImportRun, ImportStatus, Role, SearchEntry
from foundation.errors import NotAllowed
from foundation.ids import new_id
from tests.crm_store.importing.conftest import ASKER, counts, csv_file, mapping_for

ROOT = Path(__file__).resolve().parents[3]
ROWS = 60_000

_SCRIPT = """
import sys
from pathlib import Path
from crm_store.importing.mapping import Mapping
from crm_store.importing.run import Importer
from tests.crm_store.importing.conftest import ASKER
from tests.fixtures.databases import AUDIT_KEYS, KEYRING
from crm_store.database import Database

url, path, var, mapping = sys.argv[1:]
database = Database(url, audit_keys=AUDIT_KEYS, keyring=KEYRING)
report = Importer(database, Path(var), ASKER, batch_size=500).run(
    Path(path), Mapping.model_validate_json(mapping)
)
print(report.created + report.updated + report.unchanged, report.resumed)
"""


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Enough rows that the second process is used; every hundredth is bad."""
    rows = (
        f"C-{n},Person {n},{'bad' if n % 100 == 0 else f'p{n}@example.com'},Street {n} of somewhere"
        for n in range(ROWS)
    )
    return csv_file(tmp_path / "people.csv", "id,name,email,street", rows)


def start(database: Database, path: Path, var: Path) -> "subprocess.Popen[str]":
    url = database.url.render_as_string(hide_password=False)
    mapping = mapping_for(path, "customers").model_dump_json()
    return subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, url, str(path), str(var), mapping],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def stored(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Customer)) or 0


def test_killed_in_the_middle_it_goes_on(database: Database, tmp_path: Path, people: Path) -> None:
    var = tmp_path / "var"
    for wanted in (2_000, 12_000):
        process = start(database, people, var)
        try:
            deadline = time.monotonic() + 120
            while stored(database) < wanted and process.poll() is None:
                assert time.monotonic() < deadline
                time.sleep(0.02)
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
    assert 0 < stored(database) < ROWS
    with database.reading() as session:
        run = session.scalars(select(ImportRun)).one()
        assert run.status is ImportStatus.RUNNING
        assert run.created == stored(database)
    importer = Importer(database, var, ASKER, batch_size=500)
    report = importer.run(people, mapping_for(people, "customers"))
    assert report.resumed
    good = ROWS - ROWS // 100
    assert counts(report) == (good, 0, 0, ROWS // 100)
    assert stored(database) == good
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SearchEntry)) == good
        assert len(session.scalars(select(ImportRun)).all()) == 1
    assert report.reject_file is not None
    lines = report.reject_file.read_text(encoding="utf-8").splitlines()
    numbers = [int(line.split(",")[-3]) for line in lines[1:]]
    assert numbers == [n + 2 for n in range(0, ROWS, 100)]
    assert counts(importer.run(people, mapping_for(people, "customers")))[:3] == (0, 0, good)


def test_one_process_at_a_time_has_a_file(sqlite_database: Database, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "id,name", ["C-1,Anna"])
    importer = Importer(sqlite_database, tmp_path / "var", ASKER)
    taken = importer.folder.locked(fingerprint_of(path), "customers")
    with taken, pytest.raises(ImportUnderWay):
        importer.run(path, mapping_for(path, "customers"))
    assert importer.run(path, mapping_for(path, "customers")).created == 1


def test_who_may_not_import_does_not(sqlite_database: Database, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "id,name", ["C-1,Anna"])
    agent = AsStaff(new_id(), Role.AGENT)
    with pytest.raises(NotAllowed):
        Importer(sqlite_database, tmp_path / "var", agent).run(path, mapping_for(path, "customers"))


class _Stop(Exception):
    pass


def test_a_run_that_is_stopped_goes_on(sqlite_database: Database, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "id,name", [f"C-{n},Anna" for n in range(1_000)])
    importer = Importer(sqlite_database, tmp_path / "var", ASKER, batch_size=100)
    ticks: Iterator[int] = iter(range(100))

    def check() -> None:
        if next(ticks) == 4:
            raise _Stop

    mapping = mapping_for(path, "customers")
    with pytest.raises(_Stop):
        importer.run(path, mapping, check=check)
    assert stored(sqlite_database) == 400
    report = importer.run(path, mapping)
    assert (report.resumed, report.created) == (True, 1_000)


def test_a_changed_file_is_another_run(sqlite_database: Database, tmp_path: Path) -> None:
    importer = Importer(sqlite_database, tmp_path / "var", ASKER)
    for name in ("Anna", "Anne"):
        path = csv_file(tmp_path / "a.csv", "id,name", [f"C-1,{name}"])
        importer.run(path, mapping_for(path, "customers"))
    with sqlite_database.reading() as session:
        assert len(session.scalars(select(ImportRun)).all()) == 2
