"""Exporting rows to a file."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Enum as EnumType
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.audit import record
from crm_store.database import Database
from crm_store.exporting.errors import UnknownExport
from crm_store.exporting.tables import EXPORTS, Export
from crm_store.exporting.writers import WRITERS
from crm_store.permissions import Permission, require

_AT_ONCE = 1_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ExportFilter:
    """Which rows are wanted.

    Attributes:
        since, until: from this time on, and before that one.
        equal: columns and the values that they must have.
    """

    since: datetime | None = None
    until: datetime | None = None
    equal: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and where."""

    kind: str
    rows: int
    path: Path


def export(
    database: Database,
    kind: str,
    path: Path,
    asker: Asker,
    *,
    wanted: ExportFilter | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Write rows to a file, whose format is its ending.

    The file appears when it is complete, readable for its owner alone. What is exported, and by
    whom, is in the audit log before the first row is read.

    Args:
        database: the store.
        kind: what is exported: ``customers``, ``orders``, …
        path: ``.csv``, ``.xlsx``, ``.jsonl`` or ``.parquet``; what is there is replaced.
        asker: needs to be allowed to read such rows, and to take personal data out.
        wanted: which rows; by default all.
        progress: called with the rows done and the rows in all.

    Raises:
        NotAllowed: the asker may not.
        UnknownExport: no such rows, no such format, no such filter.
        TooManyRows: for a workbook.
    """
    table = EXPORTS.get(kind.replace("-", "_"))
    if table is None:
        raise UnknownExport(f"{kind}: one of {', '.join(EXPORTS)} is expected")
    require(asker, table.permission)
    require(asker, Permission.PRIVACY_MANAGE)
    write = WRITERS.get(path.suffix.lower().removeprefix("."))
    if write is None:
        raise UnknownExport(f"{path.name}: a file that ends in .{', .'.join(WRITERS)} is expected")
    wanted = wanted or ExportFilter()
    statement = _filtered(table, wanted)
    with database.transaction() as session:
        facts = {"format": path.suffix.lower(), "filters": sorted(wanted.equal)}
        record(session, asker, "export.made", "export", table.name, facts)
    partial = path.with_name(f".{path.name}.part")
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        with database.reading() as session:
            rows = _Rows(session, table, statement, progress)
            write(partial, table.columns, iter(rows))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return Exported(table.name, rows.done, path)


class _Rows:
    """The rows' values, read a thousand at a time."""

    def __init__(
        self,
        session: Session,
        table: Export,
        statement: Select[*tuple[Any, ...]],
        progress: Progress | None,
    ) -> None:
        self.done = 0
        self._session = session
        self._table = table
        self._statement = statement
        self._progress = progress

    def __iter__(self) -> Iterator[list[Any]]:
        count = select(func.count()).select_from(
            self._statement.with_only_columns(self._table.order).order_by(None).subquery()
        )
        total = self._session.scalar(count) or 0 if self._progress else 0
        found = self._session.execute(
            self._statement.order_by(self._table.order), execution_options={"yield_per": _AT_ONCE}
        )
        for row in found.mappings():
            values = dict(row)
            yield [column.value(values) for column in self._table.columns]
            self.done += 1
            if self._progress is not None and self.done % _AT_ONCE == 0:
                self._progress(self.done, total)


def _filtered(table: Export, wanted: ExportFilter) -> Select[*tuple[Any, ...]]:
    statement = table.statement
    for name, text in wanted.equal.items():
        column = table.filters.get(name)
        if column is None:
            known = ", ".join(table.filters) or "nothing"
            raise UnknownExport(f"{name}: {table.name} can be filtered by {known}")
        kind = column.type
        if isinstance(kind, EnumType) and text not in kind.enums:
            raise UnknownExport(f"{name}: one of {', '.join(kind.enums)} is expected")
        statement = statement.where(column == text)
    if wanted.since is not None or wanted.until is not None:
        if table.at is None:
            raise UnknownExport(f"{table.name} have no time to filter by")
        if wanted.since is not None:
            statement = statement.where(table.at >= wanted.since)
        if wanted.until is not None:
            statement = statement.where(table.at < wanted.until)
    return statement
