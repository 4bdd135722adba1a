"""Whatever part of PostgreSQL's index is asked, the newest matches come, in order."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from crm_store.database import Database
from crm_store.models import Customer, SearchEntry, SearchKind
from crm_store.search import tsquery
from crm_store.search.scope import LAST, Scope
from crm_store.search.service import SearchService
from crm_store.search.tsquery import TsQueryIndex
from foundation.ids import new_id

NOW = datetime(2026, 6, 30, tzinfo=UTC)
EXPRESSIONS = (
    "'often'", "'tenth'", "'long'", "'even' & 'odd'", "'tenth' & 'long'", "'none'",
)  # fmt: skip
_EMPTY = text("TRUNCATE search_entries RESTART IDENTITY")


def words_of(number: int) -> str:
    """A word that many have, one of every tenth, one of old entries alone, two that meet once."""
    words = ["'often'", "'tenth'" if number % 10 == 0 else "'other'"]
    words += ["'long'"] if number < 40 else []
    words += ["'even'"] if number % 2 == 0 or number == 17 else ["'odd'"]
    return " ".join([*words, "'odd'"] if number == 17 else words)


@pytest.fixture
def entries(postgres_store: Database) -> Iterator[Database]:
    with postgres_store.transaction() as session:
        session.execute(_EMPTY)
        session.execute(
            insert(SearchEntry),
            [
                {"kind": SearchKind.MESSAGE, "ref_id": new_id(), "at": NOW, "words": words_of(n)}
                for n in range(2_000)
            ],
        )
        session.execute(text("ANALYZE search_entries"))
    yield postgres_store
    with postgres_store.transaction() as session:
        session.execute(_EMPTY)


def found(session: Session, expression: str, limit: int, before: int = LAST) -> list[int]:
    index = TsQueryIndex(session)
    return [row.entry for row in index.newest(Scope(tuple(SearchKind)), expression, before, limit)]


@pytest.mark.parametrize("walked", [1, 20, 5_000])
def test_the_newest_matches_in_order(
    entries: Database, monkeypatch: pytest.MonkeyPatch, walked: int
) -> None:
    monkeypatch.setattr(tsquery, "_WALKED", walked)
    with entries.reading() as session:
        for expression in EXPRESSIONS:
            every = session.scalars(
                select(SearchEntry.entry)
                .where(TsQueryIndex(session).matching(expression))
                .order_by(SearchEntry.entry.desc())
            ).all()
            for limit in (1, 7, 60):
                assert found(session, expression, limit) == every[:limit]
                if len(every) > limit:
                    following = found(session, expression, limit, before=every[limit - 1])
                    assert following == every[limit : 2 * limit]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """From where on the index was asked."""
    monkeypatch.setattr(tsquery, "_WALKED", 20)
    lows: list[int] = []
    ask = TsQueryIndex._ask

    def watched(self: TsQueryIndex, *given: object, low: int) -> object:
        lows.append(low)
        return ask(self, *given, low=low)  # type: ignore[arg-type]

    monkeypatch.setattr(TsQueryIndex, "_ask", watched)
    return lows


def test_few_rows_are_fetched_for_a_word_that_many_have(
    entries: Database, asked: list[int]
) -> None:
    with entries.reading() as session:
        last = session.scalar(select(func.max(SearchEntry.entry))) or 0
        assert len(found(session, "'tenth'", 7)) == 7
        assert len(asked) == 1
        assert last - asked[0] < 500, "a fourth of the entries at most, where every tenth matches"


def test_few_rows_are_fetched_where_the_newest_are_about_something_else(
    entries: Database, asked: list[int]
) -> None:
    with entries.transaction() as session:
        session.execute(
            insert(SearchEntry),
            [
                {"kind": SearchKind.MESSAGE, "ref_id": new_id(), "at": NOW, "words": "'new'"}
                for _ in range(60)
            ],
        )
    with entries.reading() as session:
        last = session.scalar(select(func.max(SearchEntry.entry))) or 0
        assert len(found(session, "'often'", 7)) == 7
        assert asked
        assert last - min(asked) < 1_000


@pytest.fixture
def customers_behind(entries: Database) -> Database:
    """Customers who came before all messages, as they do where a shop's data was imported."""
    with entries.transaction() as session:
        session.execute(_EMPTY)
        for kind, number in ((SearchKind.CUSTOMER, 300), (SearchKind.MESSAGE, 3_000)):
            session.execute(
                insert(SearchEntry),
                [
                    {"kind": kind, "ref_id": new_id(), "at": NOW, "words": f"'{kind[0]}anna'"}
                    for _ in range(number)
                ],
            )
        session.execute(text("ANALYZE search_entries"))
    return entries


def test_the_newest_of_a_kind_are_found_behind_many_of_another(
    customers_behind: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tsquery, "_WALKED", 50)
    monkeypatch.setattr(tsquery, "_FEW", 50)
    monkeypatch.setattr(TsQueryIndex, "_ask", lambda *_, **__: pytest.fail("walking is enough"))
    scope = Scope((SearchKind.CUSTOMER,))
    with customers_behind.reading() as session:
        last = session.scalar(
            select(func.max(SearchEntry.entry)).where(SearchEntry.kind == SearchKind.CUSTOMER)
        )
        assert last is not None
        newest = TsQueryIndex(session).newest(scope, "'canna'", LAST, 20)
        assert [row.entry for row in newest] == list(range(last, last - 20, -1))
        following = TsQueryIndex(session).newest(scope, "'canna'", last - 19, 20)
        assert [row.entry for row in following] == list(range(last - 20, last - 40, -1))


def test_the_newest_of_a_kind_is_found_by_its_index(customers_behind: Database) -> None:
    newest = (
        select(SearchEntry.entry)
        .where(SearchEntry.kind == SearchKind.CUSTOMER)
        .order_by(SearchEntry.entry.desc())
        .limit(50)
    )
    with customers_behind.reading() as session:
        written = newest.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(session.scalars(text(f"EXPLAIN {written}")))
    assert "ix_search_entries_kind_entry" in plan


def test_what_no_name_has_is_asked_for_at_once(
    entries: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with entries.transaction() as session:
        customer = Customer(name="Anna Zebulon", external_id="C-00012345")
        session.add(customer)
    with entries.reading() as session:
        search = partial(SearchService(session).refs, kind=SearchKind.CUSTOMER, most=10)
        assert search("zebulom").items == search("zebulon").items == [customer.id]
        monkeypatch.setattr(TsQueryIndex, "_walk", lambda *_, **__: pytest.fail("it is in no name"))
        assert search("zebulom", forgiving=False).items == []
        assert search("C-00012345").items == search("00012").items == [customer.id]
    with entries.transaction() as session:
        session.execute(delete(Customer))
