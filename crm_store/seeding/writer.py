"""Writing many rows fast: prepared statements on SQLite, COPY on PostgreSQL.

Rows are plain tuples: identifiers as hex, times as seconds since 1970, days as day numbers, enums
as their text. The writer turns them into what each database stores for the column's type, so that
the models read them back like any other row.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import JSON, Connection, Date, Table
from sqlalchemy.types import TypeEngine

from crm_store.crypto.lookup import keyring_of
from crm_store.models import Base
from crm_store.models.base import UtcDateTime
from crm_store.models.encrypted import EncryptedJson, EncryptedText
from crm_store.seeding.times import DAY

Row = Sequence[Any]
Convert = Callable[[Any], Any]
_EPOCH = date(1970, 1, 1)
# json.dumps would make an encoder for every value.
_to_json = json.JSONEncoder(ensure_ascii=False).encode


class BulkWriter:
    """Inserts into the models' tables through one connection; the caller commits."""

    def __init__(self, connection: Connection, counts: dict[str, int] | None = None) -> None:
        self._connection = connection
        self._is_sqlite = connection.dialect.name == "sqlite"
        self.counts = counts if counts is not None else {}
        """Rows written so far, by table."""

    def write(self, table_name: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Insert rows whose values stand in the order of ``columns``."""
        table = Base.metadata.tables[table_name]
        converted = _convert(rows, self._converters(table, columns))
        self.counts[table_name] = self.counts.get(table_name, 0) + len(converted)
        if not converted:
            return
        if self._is_sqlite:
            marks = ", ".join("?" * len(columns))
            names = ", ".join(columns)
            self._connection.exec_driver_sql(
                f"INSERT INTO {table.name} ({names}) VALUES ({marks})",  # noqa: S608  # own names
                [tuple(row) for row in converted],
            )
            return
        self._copy(table, columns, converted)

    def _copy(self, table: Table, columns: Sequence[str], rows: list[list[Any]]) -> None:
        raw: Any = self._connection.connection.driver_connection
        names = ", ".join(columns)
        with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _converters(self, table: Table, columns: Sequence[str]) -> list[tuple[int, Convert]]:
        found = ((at, self._converter(table.c[name].type)) for at, name in enumerate(columns))
        return [(at, convert) for at, convert in found if convert is not None]

    def _sealing(self, kind: EncryptedText) -> Convert | None:
        if not kind.seals(keyring_of(self._connection.dialect)):
            return None
        return partial(kind.store, dialect=self._connection.dialect)

    def _converter(self, kind: TypeEngine[Any]) -> Convert | None:
        if isinstance(kind, UtcDateTime):
            return _sqlite_time if self._is_sqlite else _utc_time
        if isinstance(kind, Date):
            return _day_text
        if isinstance(kind, EncryptedText):
            return self._sealing(kind)
        if isinstance(kind, EncryptedJson):
            store = partial(kind.store, dialect=self._connection.dialect)
            return lambda value: _to_json(store(value))
        if isinstance(kind, JSON):
            return _to_json
        return None


def _convert(rows: Iterable[Row], converters: list[tuple[int, Convert]]) -> list[list[Any]]:
    converted = [list(row) for row in rows]
    for at, convert in converters:
        for row in converted:
            if row[at] is not None:
                row[at] = convert(row[at])
    return converted


@lru_cache(maxsize=4_096)
def _day_text(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).isoformat()


@lru_cache(maxsize=1_440)
def _minute_text(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _sqlite_time(seconds: int) -> str:
    """As SQLAlchemy stores a time on SQLite: without zone, with microseconds."""
    day, rest = divmod(seconds, DAY)
    minute, second = divmod(rest, 60)
    return f"{_day_text(day)} {_minute_text(minute)}:{second:02d}.000000"


def _utc_time(seconds: int) -> str:
    return f"{_sqlite_time(seconds)}+00"
