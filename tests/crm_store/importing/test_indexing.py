"""What a batch writes into the search index is what the triggers would."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text

from crm_store.database import Database
from crm_store.importing.ahead import Made
from crm_store.importing.packed import CleanRows
from crm_store.importing.upsert import indexing
from crm_store.importing.upsert.loading import insert_rows
from crm_store.models import Customer, SearchEntry, SearchName
from crm_store.search.service import SearchService
from foundation.clock import utc_now
from foundation.ids import new_id
from tests.crm_store.importing.conftest import ASKER

NAMES = [
    "Anna Berg", "anna ANNA berg", "Jürgen Müller-Lüdenscheidt", "O'Neil, Shaun", "王小明", "Олег",
    "Straße & Co. KG", "Æsop Ørsted", "x", "it's 100% \\ 'quoted' :1", "พระ Thai", "a" * 200,
    "José María", "  ", "1234 5678", "Ǆ ﬁn ½", "שלום עולם",
]  # fmt: skip


# SQLite's full-text table has no contents: what it knows is read from its own index.
_INSTANCES = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.word_instances "
    "USING fts5vocab(main, search_words, instance)"
)
_WORDS = (
    "SELECT external_id, term, offset FROM word_instances JOIN search_entries ON entry = doc "
    "JOIN customers ON id = ref_id ORDER BY external_id, offset"
)


def people() -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "external_id": f"C-{number}/ä {number * 7919}",
            "name": name,
            "created_at": utc_now(),
        }
        for number, name in enumerate(NAMES * 2)
    ]


def indexed(database: Database) -> tuple[list[Any], list[Any], list[Any]]:
    with database.reading() as session:
        if database.is_sqlite:
            session.execute(text(_INSTANCES))
        entries = session.execute(
            select(Customer.external_id, SearchEntry.kind, SearchEntry.at, SearchEntry.words)
            .join(SearchEntry, SearchEntry.ref_id == Customer.id)
            .order_by(Customer.external_id)
        ).all()
        names = session.execute(
            select(SearchName.word, SearchName.key)
            .distinct()
            .order_by(SearchName.word, SearchName.key)
        ).all()
        words = session.execute(text(_WORDS)).all() if database.is_sqlite else []
    return list(entries), list(names), list(words)


def emptied(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("DELETE FROM customers"))


def test_a_batch_and_the_triggers_write_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = people()
    found = []
    for few in (1, 10**9):
        monkeypatch.setattr(indexing, "_FEW", few)
        with database.transaction() as session:
            insert_rows(session, Customer, rows)
        found.append(indexed(database))
        emptied(database)
    assert found[0] == found[1]
    assert len(found[0][0]) == len(rows)


def test_words_made_beforehand_are_the_same(database: Database) -> None:
    rows = people()
    ahead = indexing.words_ahead("customers", database.engine.dialect.name)
    assert ahead is not None
    found = []
    for words in (None, ahead.made(CleanRows.of(rows).columns)):
        with database.transaction() as session:
            insert_rows(session, Customer, rows, made=Made(words=words))
        found.append(indexed(database))
        emptied(database)
    assert found[0] == found[1]


def test_a_batch_is_found_and_later_rows_too(database: Database) -> None:
    with database.transaction() as session:
        insert_rows(session, Customer, people())
    with database.transaction() as session:
        session.add(Customer(name="Zébédée Später"))
    with database.reading() as session:
        search: Callable[..., Any] = SearchService(session).search
        assert len(search("ludenscheidt", asker=ASKER).items) == 2
        assert len(search("zebedee", asker=ASKER).items) == 1
