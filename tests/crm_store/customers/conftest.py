"""Watching what is asked of the database."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event

from crm_store.database import Database


@pytest.fixture
def statements() -> Iterator[Callable[[Database], list[str]]]:
    """Starts a log of the statements sent from now on, without their parameters."""
    listening: list[tuple[Database, Any]] = []

    def start(database: Database) -> list[str]:
        log: list[str] = []

        def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            log.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        listening.append((database, note))
        return log

    yield start
    for database, note in listening:
        event.remove(database.engine, "before_cursor_execute", note)
