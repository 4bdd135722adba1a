import sqlite3

import pytest

from bot.group_commit import GroupCommitWriter, connect

SCHEMA = "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, v TEXT NOT NULL);"
INSERT = "INSERT INTO t (v) VALUES (?)"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deeper" / "t.db"


def rows(path):
    return [row[0] for row in connect(path).execute("SELECT v FROM t ORDER BY id")]


def test_writes_in_order_and_tells_when_it_is_safe(path):
    writer = GroupCommitWriter(path, SCHEMA)
    done = [writer.submit(INSERT, [(f"{n}a",), (f"{n}b",)]) for n in range(50)]
    done[-1].result(5)
    assert rows(path) == [f"{n}{half}" for n in range(50) for half in "ab"]
    writer.close()


def test_a_bad_write_takes_no_other_with_it(path):
    writer = GroupCommitWriter(path, SCHEMA)
    done = [writer.submit(INSERT, [(value,)]) for value in ("a", None, "b")]
    with pytest.raises(sqlite3.IntegrityError):
        done[1].result(5)
    done[2].result(5)
    assert rows(path) == ["a", "b"]
    writer.close()


def test_closing_writes_what_is_waiting(path):
    writer = GroupCommitWriter(path, SCHEMA)
    for n in range(200):
        writer.submit(INSERT, [(str(n),)])
    writer.close()
    writer.close()
    assert len(rows(path)) == 200
    with pytest.raises(RuntimeError):
        writer.submit(INSERT, [("late",)])


def test_a_cancelled_write_does_not_stop_the_writer(path):
    writer = GroupCommitWriter(path, SCHEMA)
    for n in range(100):
        writer.submit(INSERT, [(str(n),)]).cancel()
    writer.submit(INSERT, [("kept",)]).result(5)
    assert rows(path)[-1] == "kept"
    writer.close()
