"""Acts are written into the log with what they change, in one gapless chain."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from crm_store.asking import AsCustomer, AsStaff, AsSystem
from crm_store.audit import record
from crm_store.database import Database
from crm_store.models import ActorKind, AuditEntry, AuditHead, Role
from foundation.errors import BadSettings
from foundation.ids import new_id

SYSTEM = AsSystem("a test")


def entries(database: Database) -> list[AuditEntry]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))


def test_an_entry_says_who_did_what_to_what(database: Database) -> None:
    staff, customer = AsStaff(new_id(), Role.AGENT), AsCustomer(new_id())
    target = new_id()
    with database.transaction() as session:
        record(session, staff, "customer.merged", "customer", target, {"b": [1, "ü"], "a": None})
        record(session, customer, "order.cancelled", "order", "KF-0000001")
    with database.transaction() as session:
        record(session, SYSTEM, "retention.ran")
    first, second, third = entries(database)
    assert [entry.seq for entry in (first, second, third)] == [1, 2, 3]
    assert (first.actor_kind, first.actor_id) == (ActorKind.STAFF, staff.user_id)
    assert (first.target_kind, first.target_id) == ("customer", str(target))
    assert first.facts_text == '{"a":null,"b":[1,"ü"]}'
    assert first.facts == {"a": None, "b": [1, "ü"]}
    assert (second.actor_kind, second.actor_id) == (ActorKind.CUSTOMER, customer.customer_id)
    assert (third.actor_kind, third.actor_reason) == (ActorKind.SYSTEM, "a test")
    assert second.previous_hash == first.hash
    assert third.previous_hash == second.hash


def test_what_is_rolled_back_was_never_recorded(database: Database) -> None:
    with suppress(ZeroDivisionError), database.transaction() as session:
        record(session, SYSTEM, "user.added")
        _ = 1 / 0
    with database.transaction() as session:
        with session.begin_nested():
            record(session, SYSTEM, "kept.inside")
        with suppress(ZeroDivisionError), session.begin_nested():
            with session.begin_nested():
                record(session, SYSTEM, "lost.deeper")
            record(session, SYSTEM, "lost.inside")
            _ = 1 / 0
        record(session, SYSTEM, "kept.outside")
    assert [(e.seq, e.action) for e in entries(database)] == [
        (1, "kept.inside"),
        (2, "kept.outside"),
    ]


def test_concurrent_writers_leave_no_gap(database: Database) -> None:
    start = threading.Barrier(6)

    def write(writer: int) -> None:
        start.wait()
        for number in range(10):
            with database.transaction() as session:
                record(session, SYSTEM, f"writer.{writer}", facts={"number": number})
                record(session, SYSTEM, f"writer.{writer}", facts={"number": number, "second": 1})

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    written = entries(database)
    assert [entry.seq for entry in written] == list(range(1, 121))
    for before, after in pairwise(written):
        assert after.previous_hash == before.hash
    # The two acts of one transaction stay beside each other.
    for one, two in zip(written[::2], written[1::2], strict=True):
        assert (one.action, one.facts["number"]) == (two.action, two.facts["number"])


def test_nothing_is_recorded_where_nothing_is_kept(database: Database) -> None:
    with database.reading() as session, pytest.raises(RuntimeError):
        record(session, SYSTEM, "user.added")


def test_facts_are_what_can_be_sealed(database: Database) -> None:
    with database.transaction() as session:
        with pytest.raises(TypeError):
            record(session, SYSTEM, "user.added", facts={"share": [0.5]})
        with pytest.raises(TypeError):
            record(session, SYSTEM, "user.added", facts={"thing": object()})


def test_without_a_key_nothing_is_committed(sqlite_database: Database) -> None:
    keyless = Database(sqlite_database.url.render_as_string())
    with pytest.raises(BadSettings), keyless.transaction() as session:
        record(session, SYSTEM, "user.added")
    keyless.dispose()
    assert entries(sqlite_database) == []


@pytest.mark.parametrize(
    "change",
    [
        update(AuditEntry).values(action="nothing"),
        delete(AuditEntry),
        delete(AuditHead),
        text("DELETE FROM audit_entries WHERE seq = 2"),
    ],
)
def test_the_database_refuses_changes(database: Database, change: object) -> None:
    with database.transaction() as session:
        record(session, SYSTEM, "one")
        record(session, SYSTEM, "two")
    with pytest.raises(DatabaseError, match="audit log"), database.transaction() as session:
        session.execute(change)  # type: ignore[call-overload]
    assert len(entries(database)) == 2
