"""A shop in use, and an empty place for what is restored."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.opening import open_database
from foundation.data_keys import format_data_keys
from foundation.settings import Settings, load_settings
from tests.fixtures.databases import created_on

OPERATOR = AsSystem("a test")
DATA_KEYS = format_data_keys([("k1", bytes(range(32)))])
OTHER_KEYS = format_data_keys([("k1", bytes(range(1, 33)))])
BACKUP_KEYS = format_data_keys([("b1", bytes(range(2, 34)))])


def settings_for(var: Path, url: str, **given: Any) -> Settings:
    """Settings of an installation with the keys of the tests."""
    values = {"data_keys": DATA_KEYS, "secret_keys": "a key of the tests", "rasa_port": 9} | given
    return load_settings(env_file=None, var=var, database_url=url, **values)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """The shop's."""
    return settings_for(tmp_path / "var", database.url.render_as_string(hide_password=False))


@pytest.fixture
def shop(settings: Settings, database: Database) -> Iterator[Database]:
    """The shop's store, as its settings open it."""
    opened = open_database(settings)
    yield opened
    opened.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where its backups are kept."""
    return tmp_path / "backups"


Place = Callable[..., Settings]


@pytest.fixture
def place(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """Makes empty places of the same kind of database; each is called with settings of its own."""
    with ExitStack() as stack:

        def make(name: str = "other", **given: Any) -> Settings:
            var = tmp_path / name
            url = f"sqlite:///{var / 'kefu.db'}"
            if not database.is_sqlite:
                url = stack.enter_context(created_on(request.getfixturevalue("postgres_server")))
            return settings_for(var, url, **given)

        yield make
