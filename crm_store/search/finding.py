"""Finding entries whose words match, the newest first, on either database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import SearchEntry, SearchName
from crm_store.search.fts5 import Fts5Index
from crm_store.search.names import errors_forgiven, keys, nearest
from crm_store.search.query import FTS5, TSQUERY, Language, Term, months_between
from crm_store.search.scope import LAST, Found, Scope, belongings, in_time
from crm_store.search.sources import BY_KIND
from crm_store.search.tsquery import TsQueryIndex

_NEAR_WORDS = 8
_CANDIDATES = 2_000


class Finder:
    """Finds entries in the index of either database."""

    def __init__(self, session: Session) -> None:
        self._session = session
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        self._language: Language = FTS5 if is_sqlite else TSQUERY
        self._index = Fts5Index(session) if is_sqlite else TsQueryIndex(session)

    def entries(
        self,
        scope: Scope,
        terms: Sequence[Term],
        *,
        without: Sequence[Term] = (),
        before: int = LAST,
        limit: int,
    ) -> list[Found]:
        """The newest entries older than ``before`` that hold every term, but not ``without``."""
        expression = self._language.expression(
            [BY_KIND[kind] for kind in scope.kinds],
            terms,
            months=months_between(scope.since, scope.until),
            without=without,
        )
        if scope.customer_id is None and scope.as_customer is None:
            rows = self._index.newest(scope, expression, before, limit)
        else:
            rows = self._belonging(scope, expression, before, limit)
        return [Found(entry, kind, ref_id) for entry, kind, ref_id in rows]

    def near(self, terms: Sequence[Term]) -> list[Term]:
        """The terms with the words of names that they may be misspelled from; [] if there are none.

        A word that a name has is taken as it is.
        """
        found = [self._near(term) for term in terms]
        if found == list(terms) or not all(term.choices for term in found):
            return []
        return found

    def _near(self, term: Term) -> Term:
        run = term.choices[0]
        if len(run) > 1 or not errors_forgiven(run[0]):
            return term
        word = run[0]
        rows = self._session.scalars(
            select(SearchName.word)
            .where(SearchName.key.in_(keys(word)))
            .distinct()
            .limit(_CANDIDATES)
        ).all()
        near = nearest(word, list(rows), _NEAR_WORDS)
        others = [(other,) for other in near if (other,) not in term.choices]
        return Term((*term.choices, *others), starts=term.starts) if others else term

    def _belonging(self, scope: Scope, expression: str, before: int, limit: int) -> Sequence[Any]:
        """What belongs to one customer is little: go through it rather than through the index."""
        found: dict[int, Any] = {}
        for ids in belongings(scope):
            rows = self._session.execute(
                select(SearchEntry.entry, SearchEntry.kind, SearchEntry.ref_id)
                .where(
                    SearchEntry.ref_id.in_(ids),
                    self._index.matching(expression),
                    SearchEntry.entry < before,
                    *in_time(scope),
                )
                .order_by(SearchEntry.entry.desc())
                .limit(limit)
            )
            found |= {row[0]: row for row in rows}
        return [found[entry] for entry in sorted(found, reverse=True)[:limit]]
