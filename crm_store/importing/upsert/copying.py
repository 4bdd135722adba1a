"""Rows for PostgreSQL's COPY, turned to its text format a column at a time.

psycopg asks of every value by itself what it is and how it is written; a column's values are all of
one kind, which is found out once.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection

_NULL = r"\N"
_NONE = type(None)
_SPECIAL = ("\\", "\t", "\n", "\r")
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_KINDS: dict[type, Callable[[Any], str]] = {
    bool: lambda value: "t" if value else "f",
    int: int.__repr__,
}


def copy_in(connection: Connection, into: str, columns: Sequence[Sequence[Any]]) -> None:
    """Add rows to a table.

    Args:
        connection: in a transaction.
        into: the table and its columns in brackets, as COPY has them.
        columns: each column's values.
    """
    raw: Any = connection.connection.driver_connection
    texts = [column_text(values) for values in columns]
    with raw.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        if any(one is None for one in texts):
            for row in zip(*columns, strict=True):
                copy.write_row(row)
            return
        lines = map("\t".join, zip(*texts, strict=True))
        copy.write("".join(f"{line}\n" for line in lines))


def column_text(values: Sequence[Any]) -> list[str] | None:
    """The values as COPY reads them; None for a kind that is better left to psycopg."""
    kinds = set(map(type, values)) - {_NONE}
    if not kinds:
        return [_NULL] * len(values)
    kind = kinds.pop()
    if kinds:
        return None
    if kind is str:
        return _escaped(values)
    write = _KINDS.get(kind)
    if write is None:
        return None
    return [_NULL if value is None else write(value) for value in values]


def _escaped(values: Sequence[str | None]) -> list[str]:
    together = "".join(filter(None, values))
    if any(mark in together for mark in _SPECIAL):
        return [_NULL if value is None else value.translate(_ESCAPES) for value in values]
    return [_NULL if value is None else value for value in values]
