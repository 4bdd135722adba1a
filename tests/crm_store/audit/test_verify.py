"""No change of the log goes unseen."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select, update

from crm_store.asking import AsCustomer, AsSystem
from crm_store.audit import record
from crm_store.audit.anchor import Anchor
from crm_store.audit.keys import AuditKeys
from crm_store.audit.retention import cut_audit_log
from crm_store.audit.verify import Fault, verify
from crm_store.database import Database
from crm_store.models import ActorKind
from foundation.clock import utc_now
from foundation.errors import NotAllowed
from foundation.ids import new_id
from tests.crm_store.audit.log import ENTRIES, HEAD, tampering, write_log
from tests.fixtures.databases import AUDIT_KEYS

_SIZE = 12
_HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "seq": st.integers(min_value=_SIZE + 1, max_value=2**40),
    "at": st.integers(min_value=1, max_value=10**9).map(lambda us: timedelta(microseconds=us)),
    "actor_kind": st.sampled_from(ActorKind),
    "actor_id": st.one_of(st.none(), st.uuids()),
    "actor_reason": st.one_of(st.none(), st.text("abc ", max_size=20)),
    "api_key_id": st.one_of(st.none(), st.uuids()),
    "action": st.text("abc.", max_size=20),
    "target_kind": st.one_of(st.none(), st.text("abc", max_size=20)),
    "target_id": st.one_of(st.none(), st.text("abc", max_size=20)),
    "facts": st.sampled_from(["{}", '{"number":99}', '{"number": 1}', "nonsense"]),
    "key_id": st.text("0123456789abcdef", min_size=16, max_size=16),
    "previous_hash": _HEX,
    "hash": _HEX,
}


def test_every_column_is_tried() -> None:
    assert set(_VALUES) == {column.name for column in ENTRIES.columns}


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_change_of_any_column_is_found(database: Database, data: st.DataObject) -> None:
    if verify(database).entries == 0:
        write_log(database, _SIZE)
    seq = data.draw(st.integers(1, _SIZE))
    name = data.draw(st.sampled_from(sorted(_VALUES)))
    column = ENTRIES.c[name]
    with tampering(database) as connection:
        before = connection.scalar(select(column).where(ENTRIES.c.seq == seq))
        value = data.draw(_VALUES[name])
        if isinstance(before, datetime):
            value = before + value
        if value == before:
            return
        connection.execute(update(ENTRIES).where(ENTRIES.c.seq == seq).values({column: value}))
        connection.commit()
        assert verify(database).broken is not None
    assert verify(database).broken is None


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=st.integers(1, _SIZE), length=st.integers(1, _SIZE))
def test_any_deletion_is_found(database: Database, first: int, length: int) -> None:
    if verify(database).entries == 0:
        write_log(database, _SIZE)
    with tampering(database) as connection:
        last = min(first + length - 1, _SIZE)
        connection.execute(delete(ENTRIES).where(ENTRIES.c.seq.between(first, last)))
        connection.commit()
        broken = verify(database).broken
    assert broken is not None
    assert broken.seq == first
    assert broken.fault is (Fault.TRUNCATED if last == _SIZE else Fault.MISSING)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(places=st.lists(st.integers(1, _SIZE), min_size=2, max_size=2, unique=True))
def test_any_swap_is_found(database: Database, places: list[int]) -> None:
    if verify(database).entries == 0:
        write_log(database, _SIZE)
    one, other = sorted(places)
    with tampering(database) as connection:
        for old, new in ((one, 1_000), (other, one), (1_000, other)):
            connection.execute(update(ENTRIES).where(ENTRIES.c.seq == old).values(seq=new))
        connection.commit()
        broken = verify(database).broken
    assert broken is not None
    assert (broken.seq, broken.fault) == (one, Fault.REORDERED)
    assert broken.detail == f"entry {one} was written as entry {other}"


def _forge(connection: Connection) -> None:
    last = dict(connection.execute(select(ENTRIES).where(ENTRIES.c.seq == 4)).mappings().one())
    forged = last | {"seq": 5, "previous_hash": last["hash"], "hash": "f" * 64}
    connection.execute(insert(ENTRIES), [forged])


@pytest.mark.parametrize(
    ("tamper", "fault", "seq"),
    [
        (_forge, Fault.ADDED, 5),
        (lambda c: c.execute(delete(HEAD)), Fault.HEAD_CHANGED, None),
        (lambda c: c.execute(update(HEAD).values(seq=3)), Fault.HEAD_CHANGED, None),
        (lambda c: c.execute(update(HEAD).values(key_id="0" * 16)), Fault.UNKNOWN_KEY, None),
        (lambda c: c.execute(update(HEAD).values(first_seq=2)), Fault.HEAD_CHANGED, None),
    ],
)
def test_forged_entries_and_heads(
    database: Database,
    tamper: Callable[[Connection], object],
    fault: Fault,
    seq: int | None,
) -> None:
    write_log(database, 4)
    with tampering(database) as connection:
        tamper(connection)
        connection.commit()
        broken = verify(database).broken
    assert broken is not None
    assert (broken.fault, broken.seq) == (fault, seq)


def test_a_value_that_cannot_be_read_is_a_change(sqlite_database: Database) -> None:
    write_log(sqlite_database, 4)
    with tampering(sqlite_database) as connection:
        connection.exec_driver_sql("UPDATE audit_entries SET at = 'once' WHERE seq = 3")
        connection.commit()
        broken = verify(sqlite_database).broken
        assert broken is not None
        assert (broken.fault, broken.seq) == (Fault.CHANGED, 3)


def test_an_old_state_put_back_whole_is_found_by_the_anchor(
    database: Database, tmp_path: Any
) -> None:
    witnessed = Database(
        database.url.render_as_string(hide_password=False),
        audit_keys=AUDIT_KEYS,
        anchor=Anchor(tmp_path / "var" / "anchor.json", AUDIT_KEYS),
    )
    write_log(witnessed, 3)
    with database.engine.connect() as connection:
        old_head = dict(connection.execute(select(HEAD)).mappings().one())
    write_log(witnessed, 2)
    assert verify(witnessed).broken is None
    with tampering(database) as connection:
        connection.execute(delete(ENTRIES).where(ENTRIES.c.seq > 3))
        connection.execute(update(HEAD).values(old_head))
        connection.commit()
        assert verify(database).broken is None  # the database alone cannot tell
        broken = verify(witnessed).broken
        assert broken is not None
        assert (broken.fault, broken.seq) == (Fault.TRUNCATED, 4)
        # Growing the log again does not hide it: the entry that was noted is another one now.
        write_log(database, 4)
        broken = verify(witnessed).broken
        assert broken is not None
        assert (broken.fault, broken.seq) == (Fault.CHANGED, 5)
    witnessed.dispose()


def test_the_anchor_itself_is_sealed(sqlite_database: Database, tmp_path: Any) -> None:
    anchor = Anchor(tmp_path / "anchor.json", AUDIT_KEYS)
    witnessed = Database(
        sqlite_database.url.render_as_string(), audit_keys=AUDIT_KEYS, anchor=anchor
    )
    write_log(witnessed, 2)
    anchor.path.write_text(anchor.path.read_text().replace('"seq": 2', '"seq": 1'))
    broken = verify(witnessed).broken
    assert broken is not None
    assert broken.fault is Fault.ANCHOR_CHANGED
    write_log(witnessed, 1)  # goes on, and does not cover it up
    assert verify(witnessed).broken == broken
    witnessed.dispose()


def test_keys_are_rotated_and_old_ones_still_check(database: Database) -> None:
    write_log(database, 2)
    url = database.url.render_as_string(hide_password=False)
    rotated = Database(url, audit_keys=AuditKeys(["a new key", "a key of the tests"]))
    write_log(rotated, 2)
    assert verify(rotated).broken is None
    without = Database(url, audit_keys=AuditKeys(["a new key"]))
    broken = verify(without).broken
    assert broken is not None
    assert (broken.fault, broken.seq) == (Fault.UNKNOWN_KEY, 1)
    rotated.dispose()
    without.dispose()


def test_the_oldest_part_can_be_cut_off(database: Database) -> None:
    old = utc_now() - timedelta(days=800)
    with database.transaction() as session:
        for number in range(7):
            record(session, AsSystem("a test"), "old", facts={"number": number}, at=old)
    write_log(database, 3)
    with database.transaction() as session, pytest.raises(NotAllowed):
        cut_audit_log(session, before=utc_now(), limit=5, asker=AsCustomer(new_id()))
    asker, before = AsSystem("retention"), utc_now() - timedelta(days=700)
    gone = []
    for _ in range(3):
        with database.transaction() as session:
            gone.append(cut_audit_log(session, before=before, limit=5, asker=asker))
    assert gone == [5, 2, 0]
    checked = verify(database)
    assert (checked.entries, checked.seq, checked.broken) == (5, 12, None)
    with tampering(database) as connection:
        connection.execute(delete(ENTRIES).where(ENTRIES.c.seq == 8))
        connection.commit()
        broken = verify(database).broken
    assert broken is not None
    assert (broken.fault, broken.seq) == (Fault.MISSING, 8)


def test_everything_may_be_cut_off(database: Database) -> None:
    write_log(database, 3)
    with database.transaction() as session:
        before = utc_now() + timedelta(days=1)
        assert cut_audit_log(session, before=before, limit=10, asker=AsSystem("retention")) == 3
    checked = verify(database)
    assert (checked.entries, checked.seq, checked.broken) == (1, 4, None)


def test_progress_is_told(database: Database) -> None:
    assert verify(database).entries == 0
    write_log(database, 3)
    told: list[tuple[int, int]] = []
    checked = verify(database, progress=lambda done, total: told.append((done, total)))
    assert told == [(3, 3)]
    assert checked.seq == 3
    assert UUID(int=int(checked.hash[:32], 16))
