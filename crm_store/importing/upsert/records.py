"""Records of the sales side: found by the id of another system, edited with their version."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.importing.mapping import ConflictPolicy
from crm_store.importing.upsert.base import changes
from crm_store.importing.upsert.loading import insert_rows, update_rows
from crm_store.importing.upsert.membership import among
from crm_store.models import Base
from foundation.clock import utc_now

Record = dict[str, Any]


class Records:
    """What the store has of a batch's records, and what becomes of them."""

    def __init__(self, session: Session, model: type[Base], columns: Sequence[str]) -> None:
        self._session = session
        self._model = model
        self._columns = tuple(columns)
        self._created: dict[Any, Record] = {}
        self._changed: dict[Any, Record] = {}

    def find(self, column: str, values: Iterable[str], *, under: Any = None) -> dict[str, Record]:
        """Records by a column of texts; of several with the same one, none.

        Args:
            column: whose value a record is found under.
            values: that are looked for.
            under: the expression that is compared; by default the column.
        """
        table = self._model.__table__
        compared = table.c[column] if under is None else under
        names = dict.fromkeys(("id", "version", column, *self._columns))
        statement = select(*(table.c[name] for name in names), compared.label("found_by")).where(
            among(self._session, compared, list(dict.fromkeys(values)))
        )
        if self._session.get_bind().dialect.name != "sqlite":
            statement = statement.with_for_update()
        found: dict[str, Record] = {}
        twice: set[str] = set()
        for row in self._session.execute(statement).mappings():
            record = dict(row)
            key = record.pop("found_by")
            twice.update({key} & found.keys())
            found[key] = record
        return {key: record for key, record in found.items() if key not in twice}

    def add(self, record: Record) -> None:
        """A new one."""
        self._created[record["id"]] = record

    def change(
        self, record: Record, given: Mapping[str, Any], policy: ConflictPolicy
    ) -> dict[str, Any]:
        """Change what differs; returns it."""
        found = changes(record, given, self._columns, policy)
        self.set(record, found)
        return found

    def set(self, record: Record, values: dict[str, Any]) -> None:
        """Set values, whatever the policy."""
        record.update(values)
        if not values or record["id"] in self._created:
            return
        if record["id"] not in self._changed:
            record["version"] += 1
            seen = {"version": record["version"], "updated_at": utc_now(), "updated_by_id": None}
            self._changed[record["id"]] = seen
        self._changed[record["id"]].update(values)

    def write(self) -> None:
        """Bring all of it into the store."""
        insert_rows(self._session, self._model, list(self._created.values()))
        update_rows(self._session, self._model, self._changed.items())


def blank(columns: Iterable[str], given: Mapping[str, Any]) -> Record:
    """A new record with what is given and nothing else."""
    return {name: given.get(name) for name in columns}
