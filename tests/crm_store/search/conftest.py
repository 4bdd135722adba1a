"""A store on PostgreSQL whose rows nobody minds."""

from collections.abc import Iterator

import pytest

from crm_store.database import Database


@pytest.fixture
def postgres_store(_postgres_with_schema: str) -> Iterator[Database]:
    database = Database(_postgres_with_schema)
    yield database
    database.dispose()
