"""Asking SQLite's full-text table."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, column, literal_column, select, table
from sqlalchemy.orm import Session

from crm_store.models import SearchEntry
from crm_store.search.scope import Scope, in_time

_WORDS = table("search_words", column("rowid", Integer))
_WHOLE: ColumnElement[Any] = literal_column("search_words")


class Fts5Index:
    """Its rows come in their own order, backwards too: nothing is sorted."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def matching(self, expression: str) -> ColumnElement[bool]:
        """The condition that an entry's words match."""
        return (
            select(_WORDS.c.rowid)
            .where(_WHOLE.op("MATCH")(expression), _WORDS.c.rowid == SearchEntry.entry)
            .correlate(SearchEntry)
            .exists()
        )

    def newest(
        self,
        scope: Scope,
        expression: str,
        before: int,
        limit: int,
        *,
        rare: bool = False,  # the order is the index's own, however many there are
    ) -> Sequence[Any]:
        """The newest matches before an entry: entry, kind, and the thing's id."""
        statement = (
            select(SearchEntry.entry, SearchEntry.kind, SearchEntry.ref_id)
            .select_from(_WORDS)
            .where(
                _WHOLE.op("MATCH")(expression),
                _WORDS.c.rowid < before,
                # The sum keeps SQLite from going the other way round.
                SearchEntry.entry == _WORDS.c.rowid + 0,
                *in_time(scope),
            )
            .order_by(_WORDS.c.rowid.desc())
            .limit(limit)
        )
        return self._session.execute(statement).all()
