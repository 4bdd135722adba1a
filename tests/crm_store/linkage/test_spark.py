"""The same pairs on Spark as in this process, where pyspark is installed."""

from importlib.util import find_spec

import pytest

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.linkage.backends import open_backend
from crm_store.linkage.engine import Backend
from crm_store.linkage.errors import NoSpark
from crm_store.linkage.local import LocalBackend
from crm_store.linkage.queue import DuplicateService
from crm_store.linkage.run import LinkOptions, link_all
from tests.crm_store.linkage.people import make_people
from tests.crm_store.linkage.test_run import ANNA
from tests.factories import make_customer

without_spark = pytest.mark.skipif(
    find_spec("pyspark") is None,
    reason="pyspark is not installed: pip install 'kefu[spark]'",
)


@pytest.mark.skipif(find_spec("pyspark") is not None, reason="pyspark is installed")
def test_without_pyspark_one_line_says_what_to_install() -> None:
    with pytest.raises(NoSpark, match=r"pip install 'kefu\[spark\]'"):
        open_backend("spark")


@without_spark
@pytest.mark.filterwarnings("ignore")  # pyspark's own
def test_spark_finds_what_this_process_finds(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        make_people(session, 60)
        make_customer(session, **ANNA)
        make_customer(session, **ANNA | {"name": "Anna Mejer", "street": "Hauptstr. 5"})
    local = found(sqlite_database, LocalBackend(threads=1))
    assert local
    assert found(sqlite_database, open_backend("spark")) == local


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
