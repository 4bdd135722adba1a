"""Bringing every encrypted value of the store under the newest key, while it is being used.

There is no list of what is done: the stored values say it themselves. So the work can be stopped
at any moment, by kill -9 too, and the next run goes on with what is left.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, Table, func, or_, select
from sqlalchemy import table as named_table

from crm_store.crypto.fields import Field
from crm_store.crypto.keyring import Keyring
from crm_store.crypto.lookup import required_keyring
from crm_store.crypto.registry import mark_complete, mark_unused, register_keys
from crm_store.crypto.rewriting import TableRewriter
from crm_store.database import Database
from crm_store.models import Base
from crm_store.models.encrypted import Encrypted, EncryptedJson, EncryptedText

_MOST_PASSES = 20

Progress = Callable[[str, int, int], None]
"""Called with the table, the rows looked at and the rows there are."""


@dataclass
class RekeyReport:
    """What a run did and found."""

    key_id: str
    rewritten: dict[str, int] = field(default_factory=dict)
    """Rows by table."""
    left: int = 0
    """Rows that others kept changing; the next run takes them."""
    unused_keys: list[str] = field(default_factory=list)
    """Keys of the ring that no value is under any more."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is done at a time.

    Attributes:
        batch: rows a transaction.
        pause: seconds of rest after each, to leave a busy store more room.
    """

    batch: int = 500
    pause: float = 0.0


def rekey(
    database: Database, *, pace: Pace | None = None, progress: Progress | None = None
) -> RekeyReport:
    """Encrypt what is plain and re-encrypt what is under an older key.

    Columns that are the operator's choice are decrypted where the choice is against it. Rows are
    rewritten by compare-and-set in short transactions, so that nobody waits and nothing that
    others write meanwhile is lost.

    Args:
        database: with a keyring; its newest key is taken.
        pace: how much at a time.
        progress: told of each batch.

    Raises:
        CannotDecrypt: a value cannot be read; what was done before stays done.
        BadSettings: a key that the store is encrypted under is missing or another one.
    """
    keyring = required_keyring(database.engine.dialect)
    register_keys(database)
    run = _Run(database, keyring, pace or Pace(), progress)
    report = RekeyReport(run.key_id)
    for table in encrypted_tables():
        report.rewritten[table.name] = run.settle(table)
    report.left = run.left()
    if not report.left:
        mark_complete(database, run.key_id)
        older = [key.id for key in keyring.keys if key.id != run.key_id]
        report.unused_keys = [key_id for key_id in older if not run.is_used(key_id)]
        mark_unused(database, report.unused_keys)
    return report


class _Run:
    """One run, towards one key."""

    def __init__(
        self, database: Database, keyring: Keyring, pace: Pace, progress: Progress | None
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._pace = pace
        self._progress = progress
        self._dialect = database.engine.dialect.name
        self.key_id = keyring.newest.id

    def settle(self, table: Table) -> int:
        """Pass over the table until a pass leaves nothing; returns how many rows were written."""
        (key,) = table.primary_key.columns
        rewriter = TableRewriter(fields_of(table, self._keyring), key, self._dialect)
        total = 0
        for _ in range(_MOST_PASSES):
            found, written = self._pass(rewriter)
            total += written
            if found == written:
                break
        return total

    def left(self) -> int:
        """Rows with values that ought to be under the key and are not."""
        with self._database.engine.connect() as connection:
            return sum(
                self._count(
                    connection,
                    table,
                    [
                        field.unsettled(self.key_id, self._dialect)
                        for field in fields_of(table, self._keyring)
                        if field.seal
                    ],
                )
                for table in encrypted_tables()
            )

    def is_used(self, key_id: str) -> bool:
        """Whether any value is still under this key."""
        with self._database.engine.connect() as connection:
            return any(
                self._count(
                    connection,
                    table,
                    [f.under(key_id, self._dialect) for f in fields_of(table, self._keyring)],
                )
                for table in encrypted_tables()
            )

    def _pass(self, rewriter: TableRewriter) -> tuple[int, int]:
        """How many rows were to be changed, and how many of those could be."""
        found, written, looked_at, after = 0, 0, 0, None
        with self._database.engine.connect() as connection:
            total = rewriter.count(connection)
        while True:
            with self._database.engine.connect() as connection:
                rows = rewriter.read(connection, self.key_id, after=after, limit=self._pace.batch)
            if not rows:
                self._tell(rewriter.name, total, total)
                return found, written
            changes = rewriter.settle(rows, self._keyring)
            with self._database.transaction() as session:
                written += rewriter.write(session.connection(), changes)
            found, looked_at, after = found + len(changes), looked_at + len(rows), rows[-1].key
            self._tell(rewriter.name, looked_at, max(total, looked_at))
            if self._pace.pause:
                time.sleep(self._pace.pause)

    @staticmethod
    def _count(connection: Connection, table: Table, any_of: list[ColumnElement[bool]]) -> int:
        if not any_of:
            return 0
        rows = select(func.count()).select_from(named_table(table.name)).where(or_(*any_of))
        return connection.scalar(rows) or 0

    def _tell(self, table: str, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(table, done, total)


def encrypted_tables() -> list[Table]:
    """The tables with encrypted columns."""
    return [table for table in Base.metadata.sorted_tables if any(_encrypted_columns(table))]


def fields_of(table: Table, keyring: Keyring) -> list[Field]:
    """The encrypted columns of a table, and what is to become of them."""
    return [
        Field(
            table=table.name,
            name=name,
            is_json=isinstance(kind, EncryptedJson),
            indexed=isinstance(kind, EncryptedText) and kind.indexed,
            seal=kind.seals(keyring),
        )
        for name, kind in _encrypted_columns(table)
    ]


def _encrypted_columns(table: Table) -> Iterator[tuple[str, Encrypted]]:
    return (
        (column.name, column.type) for column in table.columns if isinstance(column.type, Encrypted)
    )
