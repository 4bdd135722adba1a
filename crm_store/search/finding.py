"""Finding entries whose words match, the newest first, on either database."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.models import SearchEntry, SearchKind, SearchName
from crm_store.search.fts5 import Fts5Index
from crm_store.search.names import errors_forgiven, keys, nearest
from crm_store.search.query import FTS5, TSQUERY, Language, Term, months_between
from crm_store.search.scope import LAST, Found, Scope, belongings, in_time
from crm_store.search.sources import BY_KIND
from crm_store.search.tsquery import TsQueryIndex

_NEAR_WORDS = 8
_CANDIDATES = 2_000
_RARE_CHARS = 4
"""Many numbers begin with fewer digits."""


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
        rare: bool = False,
    ) -> list[Found]:
        """The newest entries older than ``before`` that hold every term, but not ``without``.

        Those of which few are to be expected are found faster when it is said.
        """
        expression = self._language.expression(
            [BY_KIND[kind] for kind in scope.kinds],
            terms,
            months=months_between(scope.since, scope.until),
            without=without,
        )
        if scope.customer_id is None and scope.as_customer is None:
            rows = self._index.newest(scope, expression, before, limit, rare=rare)
        else:
            rows = self._belonging(scope, expression, before, limit)
        return [Found(entry, kind, ref_id) for entry, kind, ref_id in rows]

    def in_no_name(self, terms: Sequence[Term]) -> list[Term]:
        """Terms with which no word of a name begins: mistyped, or a number."""
        asked = [
            term
            for term in terms
            if all(len(run) == 1 and len(run[0]) >= _RARE_CHARS for run in term.choices)
        ]
        if not asked:
            return []
        words = list(dict.fromkeys(run[0] for term in asked for run in term.choices))
        following = [
            select(func.min(SearchName.word)).where(SearchName.word >= word).scalar_subquery()
            for word in words
        ]
        found = self._session.execute(select(*following)).one()
        unknown = {
            word
            for word, next_word in zip(words, found, strict=True)
            if next_word is None or not next_word.startswith(word)
        }
        return [term for term in asked if all(run[0] in unknown for run in term.choices)]

    def is_nowhere(self, kinds: tuple[SearchKind, ...], term: Term) -> bool:
        """Whether nothing of these kinds has a term of which few are to be expected."""
        return not self.entries(Scope(kinds), [term], limit=1, rare=True)

    def near(self, terms: Sequence[Term], *, nowhere: Collection[Term] = ()) -> list[Term]:
        """The terms with the words of names that they may be misspelled from; [] if there are none.

        A word that a name has is taken as it is, and one that is found nowhere is left out.
        """
        words = {
            term: term.choices[0][0]
            for term in terms
            if len(term.choices[0]) == 1 and errors_forgiven(term.choices[0][0])
        }
        if not words:
            return []
        known = self._session.scalars(
            select(SearchName.word)
            .where(SearchName.key.in_({key for word in words.values() for key in keys(word)}))
            .distinct()
            .limit(_CANDIDATES * len(words))
        ).all()
        found = []
        for term in terms:
            near = nearest(words[term], list(known), _NEAR_WORDS) if term in words else []
            others = [(other,) for other in near if (other,) not in term.choices]
            choices = (*(() if term in nowhere and others else term.choices), *others)
            found.append(Term(choices, starts=term.starts) if others else term)
        return [] if found == list(terms) else found

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
