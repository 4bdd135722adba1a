"""The index can be checked, made anew while others write, and left out of a bulk load."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.models import Article, Customer, SearchEntry, SearchName
from crm_store.search.checking import check
from crm_store.search.objects import add_triggers, drop_triggers
from crm_store.search.rebuild import load_in_bulk, rebuild
from crm_store.search.service import SearchService
from tests.factories import make_conversation, make_customer

US = AsSystem("test")


def found(database: Database, q: str) -> list[str]:
    with database.reading() as session:
        return [hit.title for hit in SearchService(session).search(q, asker=US).items]


def wrong(database: Database) -> dict[str, tuple[int, int, int, bool]]:
    return {
        one.kind: (one.missing, one.orphaned, one.stale, one.unwatched)
        for one in check(database)
        if not one.is_right
    }


def test_a_check_finds_what_triggers_missed_and_a_rebuild_mends_it(database: Database) -> None:
    with database.transaction() as session:
        changed, gone = make_customer(session, name="Anna One"), make_customer(session, name="Ben")
    assert wrong(database) == {}
    with database.transaction() as session:
        drop_triggers(session.connection())
    try:
        with database.transaction() as session:
            session.execute(text("UPDATE customers SET name = 'Carla Two' WHERE name = 'Anna One'"))
            session.delete(session.get_one(Customer, gone.id))
            make_customer(session, name="Dora")
            session.add(Article(slug="a", title="Emil", summary="", body="", topic="t"))
        problems = wrong(database)
        assert problems["customer"] == (1, 1, 1, True)
        assert problems["article"] == (1, 0, 0, True)
        assert found(database, "dora") == []
        assert rebuild(database) == 3
    finally:
        with database.transaction() as session:
            drop_triggers(session.connection())
            add_triggers(session.connection())
    assert wrong(database) == {}
    assert found(database, "carla") == ["Carla Two"]
    assert found(database, "crala") == ["Carla Two"]
    assert found(database, "dora") == ["Dora"]
    assert found(database, "anna") == found(database, "ben") == []
    with database.reading() as session:
        assert session.query(SearchName).filter_by(word="anna").count() == 0
    assert changed.id


def test_a_rebuild_goes_on_while_others_write(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_store.search.rebuild._SHARED_ROWS", 7)
    with database.transaction() as session:
        for n in range(60):
            make_customer(session, name=f"Old {n}")
    written = threading.Event()

    def write() -> None:
        for n in range(20):
            with database.transaction() as session:
                make_customer(session, name=f"New {n}")
                old = session.query(Customer).filter_by(name=f"Old {n}").one()
                old.name = f"Renamed {n}"
                make_conversation(session)
            written.set()

    writer = threading.Thread(target=write)
    writer.start()
    written.wait(10)
    rebuild(database)
    writer.join()
    assert wrong(database) == {}
    with database.reading() as session:
        assert session.query(SearchEntry).count() == 80


def test_a_bulk_load_is_indexed_after_even_when_it_fails(database: Database) -> None:
    def load() -> None:
        with database.transaction() as session:
            make_customer(session, name="Loaded")
        raise KeyError("disk")

    with pytest.raises(KeyError):
        load_in_bulk(database, load)
    assert wrong(database) == {}
    assert found(database, "loaded") == ["Loaded"]
    with database.transaction() as session:
        make_customer(session, name="Later")
    assert found(database, "later") == ["Later"]


def test_after_a_rebuild_the_newest_come_first(database: Database) -> None:
    with database.transaction() as session:
        for month in (5, 1, 9, 3):
            at = datetime(2026, month, 1, tzinfo=UTC)
            make_customer(session, name=f"Kim {month}", created_at=at)
    rebuild(database)
    assert found(database, "kim") == ["Kim 9", "Kim 5", "Kim 3", "Kim 1"]
