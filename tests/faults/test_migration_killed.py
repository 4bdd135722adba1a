"""A migration is killed half-way: nothing of it is there, and the next one goes through."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text

from crm_store.database import Database
from crm_store.migrate import alembic_config, is_current, upgrade
from foundation.ids import new_id

ROOT = Path(__file__).resolve().parents[2]
ROWS = 2_000
FIRST_REVISION = "0003"
# Statements before which the process is killed: new tables, an altered one, the very end.
MOMENTS = [
    "CREATE TABLE jobs",
    "INSERT INTO consents",
    "CREATE TABLE sla_policies",
    "UPDATE tickets SET",
    "version_num='0011'",
]
VICTIM = """
import sys, time
from sqlalchemy import Engine, event
from crm_store.migrate import upgrade

@event.listens_for(Engine, "before_cursor_execute")
def wait(connection, cursor, statement, parameters, context, executemany):
    if sys.argv[2] in statement:
        print("here", flush=True)
        time.sleep(600)

upgrade(sys.argv[1])
"""


@pytest.fixture
def old(empty_database: Database) -> Database:
    """A store of an earlier version, with rows."""
    with empty_database.engine.begin() as connection:
        command.upgrade(alembic_config(connection), FIRST_REVISION)
        ids = [new_id().hex for _ in range(ROWS)]
        customers = [{"id": one, "customer": one, "number": one} for one in ids]
        now = "2026-11-26 10:00:00+00:00"
        connection.execute(
            text(
                "INSERT INTO customers (id, external_id, name, locale, newsletter, created_at,"
                f" updated_at) VALUES (:id, :number, 'Somebody', 'en', true, '{now}', '{now}')"
            ),
            customers,
        )
        connection.execute(
            text(
                "INSERT INTO tickets (id, number, customer_id, subject, body, topic, status,"
                " priority, created_at, updated_at) VALUES (:id, :number, :customer, 'Late', '',"
                f" 'complaint', 'open', 'high', '{now}', '{now}')"
            ),
            customers,
        )
    return empty_database


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_in_the_middle(old: Database, moment: str) -> None:
    before = contents(old)
    victim = subprocess.Popen(
        [sys.executable, "-c", VICTIM, address_of(old), moment],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert victim.stdout is not None
    with victim.stdout:
        assert victim.stdout.readline() == b"here\n", f"the upgrade never came to {moment}"
        victim.kill()
        victim.wait(timeout=30)
    assert contents(old) == before
    upgrade(address_of(old))
    assert is_current(old)
    with old.reading() as session:
        count = session.execute(text("SELECT count(*), count(type) FROM tickets")).one()
        assert tuple(count) == (ROWS, ROWS)
        stale = "SELECT count(*) FROM tickets WHERE type = 'complaint' AND sla_stale"
        assert session.execute(text(stale)).scalar() == ROWS
        granted = "SELECT count(*) FROM consents WHERE purpose = 'marketing_email' AND granted"
        assert session.execute(text(granted)).scalar() == ROWS


def contents(database: Database) -> dict[str, int]:
    """Every table with its number of rows, and the schema's version."""
    database.dispose()  # what one connection knows of the schema may be old
    tables = inspect(database.engine).get_table_names()
    with database.reading() as session:
        found = {
            name: session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in tables
        }
        version = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    return found | {"the version": int(version)}


def address_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)
