"""The SQL of searching: entries whose words match, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer
from crm_store.models import (
    AccountContact,
    Article,
    Conversation,
    Customer,
    Message,
    Opportunity,
    SearchEntry,
    SearchKind,
    SearchName,
    Ticket,
    Visibility,
)
from crm_store.search.names import errors_forgiven, keys, nearest
from crm_store.search.query import FTS5, TSQUERY, Term, months_between
from crm_store.search.sources import BY_KIND

_FTS = table("search_words", column("rowid", Integer))
_FTS_MATCH: ColumnElement[Any] = literal_column("search_words")

LAST = 2**62
"""Beyond every entry."""
_NEAR_WORDS = 8
_CANDIDATES = 2_000
# PostgreSQL's index has no order: it is asked for the newest entries first, then for ever more.
_FIRST_WINDOW, _GROWTH = 5_000, 16


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that matches."""

    entry: int
    kind: SearchKind
    ref_id: UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look.

    Attributes:
        kinds: at least one.
        customer_id: only what belongs to this customer.
        as_customer: they ask themselves: only what they may see, and published articles.
        since: not before.
        until: before.
    """

    kinds: tuple[SearchKind, ...]
    customer_id: UUID | None = None
    as_customer: AsCustomer | None = None
    since: datetime | None = None
    until: datetime | None = None


class Finder:
    """Finds entries in the index of either database."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._is_sqlite = session.get_bind().dialect.name == "sqlite"

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
        language = FTS5 if self._is_sqlite else TSQUERY
        expression = language.expression(
            [BY_KIND[kind] for kind in scope.kinds],
            terms,
            months=months_between(scope.since, scope.until),
            without=without,
        )
        statement = select(SearchEntry.entry, SearchEntry.kind, SearchEntry.ref_id).where(
            *_in_time(scope)
        )
        if scope.customer_id is not None or scope.as_customer is not None:
            rows = self._belonging(statement, scope, expression, before, limit)
        elif self._is_sqlite:
            rows = self._fts5(statement, expression, before, limit)
        else:
            rows = self._tsquery(statement, expression, before, limit)
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
        return Term((run, *((other,) for other in near)), starts=term.starts) if near else term

    def _fts5(
        self, statement: Select[Any], expression: str, before: int, limit: int
    ) -> Sequence[Any]:
        # The full-text table leads: it gives its rows in the order that is wanted.
        joined = statement.select_from(_FTS).where(
            _FTS_MATCH.op("MATCH")(expression),
            _FTS.c.rowid < before,
            # The sum keeps SQLite from going the other way round.
            SearchEntry.entry == _FTS.c.rowid + 0,
        )
        newest = joined.order_by(_FTS.c.rowid.desc()).limit(limit)
        return self._session.execute(newest).all()

    def _tsquery(
        self, statement: Select[Any], expression: str, before: int, limit: int
    ) -> Sequence[Any]:
        high = min(before, (self._session.scalar(select(func.max(SearchEntry.entry))) or 0) + 1)
        matching = statement.where(_matches(expression)).order_by(SearchEntry.entry.desc())
        rows: list[Any] = []
        window = _FIRST_WINDOW
        while high > 1 and len(rows) < limit:
            low = max(1, high - window)
            within = matching.where(SearchEntry.entry >= low, SearchEntry.entry < high)
            rows += self._session.execute(within.limit(limit - len(rows))).all()
            high, window = low, window * _GROWTH
        return rows

    def _belonging(
        self, statement: Select[Any], scope: Scope, expression: str, before: int, limit: int
    ) -> Sequence[Any]:
        """What belongs to one customer is little: go through it rather than through the index."""
        if self._is_sqlite:
            matching: ColumnElement[bool] = (
                select(_FTS.c.rowid)
                .where(_FTS_MATCH.op("MATCH")(expression), _FTS.c.rowid == SearchEntry.entry)
                .correlate(SearchEntry)
                .exists()
            )
        else:
            matching = _matches(expression)
        things = [SearchEntry.ref_id.in_(ids) for ids in _belongings(scope)]
        found: dict[int, Any] = {}
        for condition in things:
            rows = self._session.execute(
                statement.where(condition, matching, SearchEntry.entry < before)
                .order_by(SearchEntry.entry.desc())
                .limit(limit)
            )
            found |= {row[0]: row for row in rows}
        return [found[entry] for entry in sorted(found, reverse=True)[:limit]]


def _matches(expression: str) -> ColumnElement[bool]:
    # Spelled out, not bound: the planner has to see how many entries to expect. The tokens in it
    # are letters and digits; quotes are all of our own making.
    quoted = expression.replace("'", "''")
    return literal_column(f"search_entries.words @@ '{quoted}'::tsquery", Boolean)


def _in_time(scope: Scope) -> list[ColumnElement[bool]]:
    conditions = []
    if scope.since is not None:
        conditions.append(SearchEntry.at >= scope.since)
    if scope.until is not None:
        conditions.append(SearchEntry.at < scope.until)
    return conditions


def _belongings(scope: Scope) -> list[Select[Any]]:
    """The ids of what belongs to the customer, kind by kind."""
    asking = scope.as_customer
    owner = asking.customer_id if asking else scope.customer_id
    said = select(Message.id).join(Conversation, Conversation.id == Message.conversation_id)
    said = said.where(Conversation.customer_id == owner)
    if asking:
        said = said.where(
            Conversation.verified_at.is_not(None), Message.visibility == Visibility.PUBLIC
        )
    of_kind: dict[SearchKind, Select[Any]] = {
        SearchKind.MESSAGE: said,
        SearchKind.TICKET: select(Ticket.id).where(Ticket.customer_id == owner),
        SearchKind.CUSTOMER: select(Customer.id).where(Customer.id == owner),
    }
    if asking:
        of_kind[SearchKind.ARTICLE] = select(Article.id).where(Article.published)
    else:
        of_kind[SearchKind.OPPORTUNITY] = select(Opportunity.id).where(
            Opportunity.customer_id == owner
        )
        of_kind[SearchKind.ACCOUNT] = select(AccountContact.account_id).where(
            AccountContact.customer_id == owner
        )
    return [of_kind[kind] for kind in scope.kinds if kind in of_kind]
