"""Rewriting the encrypted columns of one table, some rows at a time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Table,
    Uuid,
    bindparam,
    func,
    or_,
    select,
    update,
)

from crm_store.crypto.fields import Field
from crm_store.crypto.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Row:
    """A row's key and its stored forms, in the order of the fields."""

    key: Any
    raw: tuple[str | None, ...]


class TableRewriter:
    """Reads rows that are not as they should be, and writes them as they should be.

    Args:
        fields: of one table.
        key: the name and type of its primary key, one column.
        dialect: the database's name.
    """

    def __init__(self, fields: Sequence[Field], key: Column[Any], dialect: str) -> None:
        self.name = fields[0].table
        self._fields = tuple(fields)
        self._dialect = dialect
        # Without the models' types and defaults: nothing is converted and no other column changes.
        self._table = Table(
            self.name,
            MetaData(),
            Column(key.name, key.type, primary_key=True),
            *(Column(field.name) for field in fields),
        )
        self._key = self._table.c[key.name]

    def count(self, connection: Connection) -> int:
        """All rows of the table."""
        return connection.scalar(select(func.count()).select_from(self._table)) or 0

    def read(
        self, connection: Connection, key_id: str, *, after: Any = None, limit: int
    ) -> list[Row]:
        """The next rows, by primary key, that are not yet settled under this key."""
        statement = (
            select(self._key, *(field.raw(self._dialect) for field in self._fields))
            .where(or_(*(field.unsettled(key_id, self._dialect) for field in self._fields)))
            .order_by(self._key)
            .limit(limit)
        )
        if after is not None:
            statement = statement.where(self._key > after)
        return [Row(row[0], tuple(row[1:])) for row in connection.execute(statement)]

    def settle(self, rows: Sequence[Row], keyring: Keyring) -> list[dict[str, Any]]:
        """The values to write, computed before anything is locked."""
        changes = []
        for row in rows:
            change: dict[str, Any] = {"the_key": row.key}
            for field, raw in zip(self._fields, row.raw, strict=True):
                if raw is None:
                    continue
                settled = field.settled(raw, keyring)
                if settled != raw:
                    change[f"old_{field.name}"], change[f"new_{field.name}"] = raw, settled
            if len(change) > 1:
                changes.append(change)
        return changes

    def write(self, connection: Connection, changes: Sequence[dict[str, Any]]) -> int:
        """Write each row that still has the value that was read; the others come again.

        Returns:
            How many rows were written.
        """
        if self._dialect == "postgresql":
            changes = self._free(connection, changes)
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for change in changes:
            alike[tuple(change)].append(change)
        return sum(self._write_alike(connection, some) for some in alike.values())

    def _free(
        self, connection: Connection, changes: Sequence[dict[str, Any]]
    ) -> Sequence[dict[str, Any]]:
        """Lock the rows that nobody else holds: who never waits locks nobody out for good."""
        wanted = [change["the_key"] for change in changes]
        statement = (
            select(self._key)
            .where(self._key.in_(wanted))
            .with_for_update(skip_locked=True, key_share=True)
        )
        free = set(connection.scalars(statement))
        return [change for change in changes if change["the_key"] in free]

    def _write_alike(self, connection: Connection, changes: list[dict[str, Any]]) -> int:
        fields = [field for field in self._fields if f"new_{field.name}" in changes[0]]
        statement = (
            update(self._table)
            .where(
                self._key == bindparam("the_key", type_=self._key.type),
                *(f.raw(self._dialect) == bindparam(f"old_{f.name}") for f in fields),
            )
            .values({f.name: f.bound(f"new_{f.name}", self._dialect) for f in fields})
        )
        return connection.execute(statement, changes).rowcount


def by_id(fields: Sequence[Field], dialect: str) -> TableRewriter:
    """The rewriter of a table whose key is the column ``id``."""
    return TableRewriter(fields, Column("id", Uuid), dialect)
