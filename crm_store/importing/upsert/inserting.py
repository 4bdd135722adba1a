"""Many rows into a table of SQLite."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection

_TOGETHER = 50


def insert_in(
    connection: Connection, into: str, columns: Sequence[Sequence[Any]], *, checked: bool
) -> None:
    """Add rows to a table.

    SQLite makes the list of a ``CHECK (kind IN (…))`` anew for every statement, which takes longer
    than the row: such tables get many rows a statement. Others are faster row by row.

    Args:
        connection: in a transaction.
        into: the table and its columns in brackets.
        columns: each column's values.
        checked: whether the table has such a rule.
    """
    rows = list(zip(*columns, strict=True))
    marks = f"({', '.join('?' * len(columns))})"
    whole = len(rows) // _TOGETHER * _TOGETHER if checked else 0
    if whole:
        values = list(chain.from_iterable(rows[:whole]))
        step = _TOGETHER * len(columns)
        connection.exec_driver_sql(
            f"INSERT INTO {into} VALUES {', '.join([marks] * _TOGETHER)}",  # noqa: S608
            [tuple(values[at : at + step]) for at in range(0, len(values), step)],
        )
    if rest := rows[whole:]:
        connection.exec_driver_sql(f"INSERT INTO {into} VALUES {marks}", rest)  # noqa: S608
