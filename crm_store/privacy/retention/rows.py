"""Rows that are simply deleted when they are old enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, tuple_
from sqlalchemy.orm import Session

from crm_store.database import Database
from crm_store.models import Base
from crm_store.privacy.erasing.rows import let_go
from foundation.settings import Settings

Conditions = Callable[[], Sequence[ColumnElement[bool]]]


def _nothing_more() -> Sequence[ColumnElement[bool]]:
    return ()


@dataclass(frozen=True, slots=True)
class OldRows:
    """Rows of a table whose time in a column lies before; ``where`` says which else count."""

    model: type[Base]
    column: str
    where: Conditions = _nothing_more

    def count(self, database: Database, settings: Settings, before: datetime) -> int:
        with database.reading() as session:
            table = self.model.__table__
            due = select(func.count()).select_from(table).where(*self._due(before))
            return session.scalar(due) or 0

    def end(self, database: Database, settings: Settings, before: datetime, limit: int) -> int:
        with database.transaction() as session:
            return self._delete(session, before, limit)

    def _delete(self, session: Session, before: datetime, limit: int) -> int:
        table = self.model.__table__
        keys = list(table.primary_key)
        rows = session.execute(select(*keys).where(*self._due(before)).limit(limit)).all()
        if not rows:
            return 0
        going = (
            keys[0].in_([row[0] for row in rows])
            if len(keys) == 1
            else tuple_(*keys).in_([tuple(row) for row in rows])
        )
        let_go(session, table, going)  # type: ignore[arg-type]
        result: Any = session.execute(delete(self.model).where(going))
        return int(result.rowcount)

    def _due(self, before: datetime) -> list[ColumnElement[bool]]:
        return [self.model.__table__.c[self.column] < before, *self.where()]
