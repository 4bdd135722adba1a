"""Writing rows that may be there already, the same way on every supported database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import TextClause
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crm_store.models import Base


def insert_missing(
    session: Session,
    model: type[Base],
    rows: Sequence[dict[str, Any]],
    *,
    on: str | tuple[str, ...],
    where: TextClause | None = None,
) -> int:
    """Insert the rows whose ``on`` columns have no equal yet; the others change nothing.

    Safe under concurrent writers: the database's unique constraint decides. ``where`` is the
    condition of the unique index, where that is a partial one.

    Returns:
        How many rows are new.
    """
    if not rows:
        return 0
    session.flush()
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(model) if is_sqlite else postgresql.insert(model)
    columns = [model.__table__.c[name] for name in ((on,) if isinstance(on, str) else on)]
    statement = insert.values(list(rows)).on_conflict_do_nothing(
        index_elements=columns, index_where=where
    )
    return len(session.execute(statement.returning(*columns)).all())
