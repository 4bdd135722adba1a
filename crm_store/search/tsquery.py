"""Asking PostgreSQL's index.

It has no order: all that it finds is fetched, from all over the table, and sorted. A frequent word
is found by walking back from the newest entry instead. For one that is neither frequent nor rare,
no more of the newest entries are asked about than hold a few pages of matches: together with the
key's index, the index of words then names few rows to fetch.

Where one kind of thing is looked for, "the newest" are those of that kind: behind the newest
customer there may be a million messages.
"""

from collections.abc import Sequence
from math import isqrt
from typing import Any

from sqlalchemy import Boolean, ColumnElement, func, literal_column, select, text
from sqlalchemy.orm import Session, aliased

from crm_store.models import SearchEntry
from crm_store.search.scope import Scope, in_time
from crm_store.search.sources import BY_KIND

_WALKED = 5_000
"""So many of the newest entries are looked at one by one first."""
_PAGES = 3
"""So many pages of matches are expected in the newest entries that are asked about."""
_WIDER = 16
_FEW = 1_000
"""Names' words are as independent as the planner takes them for: of so few, all are fetched."""
_KEYS_A_ROW = 200
"""So many keys of a range are read in the time that it takes to fetch a row from anywhere."""


class TsQueryIndex:
    """Finds by ``search_entries.words``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def matching(self, expression: str) -> ColumnElement[bool]:
        """The condition that an entry's words match."""
        return _matches(expression, "search_entries")

    def newest(
        self, scope: Scope, expression: str, before: int, limit: int, *, rare: bool = False
    ) -> Sequence[Any]:
        """The newest matches before an entry: entry, kind, and the thing's id.

        Args:
            scope: where to look.
            expression: what they match.
            before: the entry.
            limit: how many at most.
            rare: whether so few are expected that the newest need not be looked at first.
        """
        expected = None
        if not rare and all(BY_KIND[kind].named for kind in scope.kinds):
            expected = self._expected(expression)
            rare = expected < _FEW
        if rare:
            return self._ask(scope, expression, before - 1, limit, low=0)
        rows = self._walk(scope, expression, before, limit)
        if len(rows) == limit:
            return rows
        newest = select(func.max(SearchEntry.entry)).where(*_of_one_kind(scope))
        last = min(before - 1, self._session.scalar(newest) or 0)
        if expected is None:
            expected = self._expected(expression)
        matches = _likely(expected, (len(rows) + 1) * last // _WALKED)
        among = max(_WALKED, _PAGES * limit * last // matches)
        while among < min(last // 2, _KEYS_A_ROW * matches):
            rows = self._ask(scope, expression, last, limit, low=last - among)
            if len(rows) == limit:
                return rows
            among *= _WIDER
        return self._ask(scope, expression, last, limit, low=0)

    def _walk(self, scope: Scope, expression: str, before: int, limit: int) -> Sequence[Any]:
        """Look at the newest entries, one by one, until enough of them match."""
        newest = (
            select(SearchEntry)
            .where(SearchEntry.entry < before, *_of_one_kind(scope))
            .order_by(SearchEntry.entry.desc())
            .limit(_WALKED)
        )
        some = aliased(SearchEntry, newest.subquery("newest"))
        statement = (
            select(some.entry, some.kind, some.ref_id)
            .where(_matches(expression, "newest"), *in_time(scope, some))
            .order_by(some.entry.desc())
            .limit(limit)
        )
        return self._session.execute(statement).all()

    def _ask(
        self, scope: Scope, expression: str, last: int, limit: int, *, low: int
    ) -> Sequence[Any]:
        """Find all matches from an entry to a later one and sort them then.

        In one step the planner, hoping for the best, might walk through millions of entries of
        which none matches.
        """
        found = (
            select(SearchEntry.entry, SearchEntry.kind, SearchEntry.ref_id)
            .where(
                self.matching(expression),
                SearchEntry.entry >= low,
                SearchEntry.entry <= last,
                *in_time(scope),
            )
            .cte("found")
            .prefix_with("MATERIALIZED", dialect="postgresql")
        )
        newest = select(found.c.entry, found.c.kind, found.c.ref_id)
        return self._session.execute(newest.order_by(found.c.entry.desc()).limit(limit)).all()

    def _expected(self, expression: str) -> int:
        """How many entries the planner thinks match."""
        condition = _condition(expression, "search_entries")
        asked = text(f"EXPLAIN (FORMAT JSON) SELECT FROM search_entries WHERE {condition}")
        (plan,) = self._session.execute(asked).scalar_one()
        return int(plan["Plan"]["Plan Rows"])


def _likely(expected: int, seen: int) -> int:
    """How many entries may match; at least one.

    The planner takes words for independent, and the newest entries may be about something else
    than all others: where fewer were seen than it expects, what is between the two is taken.
    """
    return max(1, expected if seen >= expected else isqrt(expected * seen))


def _of_one_kind(scope: Scope) -> list[ColumnElement[bool]]:
    return [SearchEntry.kind == scope.kinds[0]] if len(scope.kinds) == 1 else []


def _matches(expression: str, among: str) -> ColumnElement[bool]:
    return literal_column(_condition(expression, among), Boolean)


def _condition(expression: str, among: str) -> str:
    # Spelled out, not bound: the planner has to see how many entries to expect. The tokens in it
    # are letters and digits; quotes are all of our own making.
    quoted = expression.replace("'", "''")
    return f"{among}.words @@ CAST('{quoted}' AS tsquery)"
