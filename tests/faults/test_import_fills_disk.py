"""The disk fills up in the middle of an import: nothing half-done, and the next run goes on."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from crm_store.database import Database
from crm_store.importing.errors import CutShort, NoSpaceLeft
from crm_store.importing.run import Importer
from crm_store.migrate import upgrade
from crm_store.models import Customer, ImportRun, ImportStatus, SearchEntry
from crm_store.outages import DATABASE_AWAY
from tests.crm_store.importing.conftest import ASKER, counts, csv_file, mapping_for
from tests.faults.support.cluster import Cluster, cluster_in
from tests.faults.support.disk import SmallDisk, small_disk
from tests.fixtures.databases import AUDIT_KEYS, KEYRING

KILOBYTE = 1_024
MEGABYTE = 1_024 * KILOBYTE
ROWS = 6_000
BATCH = 300


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every hundredth row is bad, so that the reject file grows with the store."""
    street = "Street " * 20
    rows = (
        f"C-{n},Person {n},{'bad' if n % 100 == 0 else f'p{n}@example.com'},{street}{n}"
        for n in range(ROWS)
    )
    return csv_file(tmp_path_factory.mktemp("file") / "people.csv", "id,name,email,street", rows)


@contextmanager
def store_at(url: str) -> Iterator[Database]:
    upgrade(url)
    database = Database(url, audit_keys=AUDIT_KEYS, keyring=KEYRING)
    try:
        yield database
    finally:
        database.dispose()


def stored(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Customer)) or 0


def is_there(database: Database) -> bool:
    try:
        stored(database)
    except DATABASE_AWAY:
        return False
    return True


def fill_during(database: Database, var: Path, people: Path, disk: SmallDisk, leave: int) -> None:
    """Import until the disk is full: it was filled, but for so much, after the second batch."""
    done = 0

    def progress(_rows: int, _position: int, _total: int) -> None:
        nonlocal done
        done += 1
        if done == 2:
            disk.fill(leave=leave)

    importer = Importer(database, var, ASKER, batch_size=BATCH)
    # A PostgreSQL server whose log has no room left goes down, and is away rather than full.
    expected = NoSpaceLeft if database.engine.dialect.name == "sqlite" else CutShort
    with pytest.raises(expected, match="goes on where it stopped"):
        importer.run(people, mapping_for(people, "customers"), progress=progress)
    assert done >= 2


def goes_on(
    database: Database, var: Path, people: Path, disk: SmallDisk, cluster: Cluster | None = None
) -> None:
    """What is there is whole batches, each with all that belongs to it; the rest follows."""
    disk.make_room()
    while not is_there(database):
        # A crashed server recovers by itself; where that had no room either, it has given up.
        if cluster is not None and not cluster.runs():
            cluster.start_again()
        time.sleep(0.2)
    here = stored(database)
    good = ROWS - ROWS // 100
    assert 0 < here < good
    with database.reading() as session:
        (run,) = session.scalars(select(ImportRun)).all()
        assert (run.status, run.created) == (ImportStatus.RUNNING, here)
        assert run.read == run.batches * BATCH
        assert session.scalar(select(func.count()).select_from(SearchEntry)) == here
    importer = Importer(database, var, ASKER, batch_size=BATCH)
    report = importer.run(people, mapping_for(people, "customers"))
    assert report.resumed
    assert counts(report) == (good, 0, 0, ROWS // 100)
    assert stored(database) == good
    assert report.reject_file is not None
    lines = report.reject_file.read_text(encoding="utf-8").splitlines()
    assert [int(line.split(",")[-3]) for line in lines[1:]] == [n + 2 for n in range(0, ROWS, 100)]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SearchEntry)) == good


def test_the_store_on_sqlite(tmp_path: Path, people: Path) -> None:
    with small_disk(120) as disk, store_at(f"sqlite:///{disk.folder / 'kefu.db'}") as database:
        fill_during(database, tmp_path / "var", people, disk, leave=1 * MEGABYTE)
        with database.reading() as session:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        goes_on(database, tmp_path / "var", people, disk)


def test_the_store_on_postgresql(tmp_path: Path, people: Path) -> None:
    with small_disk(400) as disk:
        folder = disk.folder / "server"
        folder.mkdir(mode=0o755)
        with cluster_in(folder) as cluster, store_at(cluster.url) as database:
            fill_during(database, tmp_path / "var", people, disk, leave=2 * MEGABYTE)
            goes_on(database, tmp_path / "var", people, disk, cluster)


def test_the_reject_file(tmp_path: Path, people: Path) -> None:
    with small_disk(1) as disk, store_at(f"sqlite:///{tmp_path / 'kefu.db'}") as database:
        fill_during(database, disk.folder, people, disk, leave=1)
        goes_on(database, disk.folder, people, disk)
