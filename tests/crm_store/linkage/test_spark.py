"""The same pairs on Spark as in this process: ``make test-spark``."""

import importlib.util
import shutil
from importlib.machinery import ModuleSpec

import pytest

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.linkage.backends import open_backend
from crm_store.linkage.engine import Backend
from crm_store.linkage.errors import NoSpark
from crm_store.linkage.local import LocalBackend
from crm_store.linkage.queue import DuplicateService
from crm_store.linkage.run import LinkOptions, link_all
from crm_store.linkage.spark import SparkBackend
from tests.crm_store.linkage.people import make_people
from tests.crm_store.linkage.test_run import ANNA
from tests.factories import make_customer
from tests.fixtures.absent import absent


def test_without_pyspark_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_spec(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == "pyspark" else importlib.util.find_spec(name, package)

    monkeypatch.setattr("crm_store.linkage.spark.find_spec", find_spec)
    with pytest.raises(NoSpark, match=r"pip install 'kefu\[spark\]'"):
        open_backend("spark")


@pytest.mark.spark
@pytest.mark.timeout(900)
@pytest.mark.filterwarnings("ignore")  # pyspark's own
def test_spark_finds_what_this_process_finds(sqlite_database: Database) -> None:
    if importlib.util.find_spec("pyspark") is None:
        absent("pyspark is not installed; `make test-spark` installs it")
    if shutil.which("java") is None:
        absent("Spark needs Java (17 or later) on the PATH")
    with sqlite_database.transaction() as session:
        make_people(session, 60)
        make_customer(session, **ANNA)
        make_customer(session, **ANNA | {"name": "Anna Mejer", "street": "Hauptstr. 5"})
    local = found(sqlite_database, LocalBackend(threads=1))
    assert local
    assert found(sqlite_database, SparkBackend(master="local[1]", partitions=1)) == local


def found(database: Database, backend: Backend) -> dict[object, tuple[float, object]]:
    try:
        link_all(database, backend, LinkOptions())
    finally:
        backend.close()
    with database.reading() as session:
        pairs = DuplicateService(session).list(asker=AsSystem("test")).items
        return {
            (view.pair.first_id, view.pair.second_id): (
                round(view.pair.score, 6),
                view.pair.reasons,
            )
            for view in pairs
        }
