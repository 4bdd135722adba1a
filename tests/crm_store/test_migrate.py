"""The migrations lead to exactly the schema that the models describe."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from crm_store.database import Database
from crm_store.migrate import alembic_config, is_current, upgrade
from crm_store.migrations.comparing import types_differ
from crm_store.models import Base
from crm_store.search.objects import is_modelled, remove
from foundation.ids import new_id

# Neither SQLAlchemy nor Alembic can read such an index of SQLite's; `sqlite_expressions` does.
pytestmark = [
    pytest.mark.filterwarnings(f"ignore:{words} expression-based index")
    for words in ("Skipped unsupported reflection of", "autogenerate skipping metadata-specified")
]


def address_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def condition(index: Any) -> list[str]:
    return [str(value) for value in index.get("dialect_options", {}).values()]


def sqlite_expressions(database: Database) -> dict[str, str]:
    """How SQLite's indexes of expressions were made; none on other databases."""
    if not database.is_sqlite:
        return {}
    with database.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%(%(%'")
        )
        return {row[0]: row[1] for row in rows}


def details(database: Database) -> dict[str, Any]:
    """What Alembic's comparison passes over: checks, conditions of indexes, rules on delete."""
    inspector = inspect(database.engine)

    def sorted_texts(rows: Iterable[Any]) -> list[str]:
        return sorted(str(row) for row in rows)

    return {
        table: {
            "checks": sorted_texts(
                (row["name"], row["sqltext"]) for row in inspector.get_check_constraints(table)
            ),
            "indexes": sorted_texts(
                (
                    row["name"],
                    row.get("expressions", row["column_names"]),
                    row["unique"],
                    condition(row),
                )
                for row in inspector.get_indexes(table)
            ),
            "uniques": sorted_texts(
                (row["name"], row["column_names"])
                for row in inspector.get_unique_constraints(table)
            ),
            "keys": sorted_texts(
                (row["name"], row["constrained_columns"], row["options"])
                for row in inspector.get_foreign_keys(table)
            ),
        }
        for table in Base.metadata.tables
    }


def test_the_models_and_the_migrations_agree(empty_database: Database) -> None:
    upgrade(address_of(empty_database))
    with empty_database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": types_differ, "include_object": is_modelled}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_they_agree_on_what_alembic_does_not_compare(empty_database: Database) -> None:
    upgrade(address_of(empty_database))
    migrated = details(empty_database), sqlite_expressions(empty_database)
    with empty_database.engine.begin() as connection:
        remove(connection)
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
    assert (details(empty_database), sqlite_expressions(empty_database)) == migrated
    if empty_database.is_sqlite:
        assert "ix_accounts_lower_name_id" in migrated[1]


def test_an_upgrade_can_be_repeated(empty_database: Database) -> None:
    assert not is_current(empty_database)
    upgrade(address_of(empty_database))
    upgrade(address_of(empty_database))
    assert is_current(empty_database)


def test_processes_that_start_together_take_turns(empty_database: Database) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(upgrade, [address_of(empty_database)] * 3))
    assert is_current(empty_database)


def test_an_upgrade_can_be_undone(empty_database: Database) -> None:
    upgrade(address_of(empty_database))
    with empty_database.engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    left = set(inspect(empty_database.engine).get_table_names())
    assert left == {"alembic_version"}


def test_a_failing_upgrade_leaves_nothing(empty_database: Database) -> None:
    with empty_database.engine.begin() as connection:
        Base.metadata.tables["articles"].create(connection)
    with pytest.raises(Exception, match="articles"):
        upgrade(address_of(empty_database))
    assert set(inspect(empty_database.engine).get_table_names()) == {"articles"}


def test_altering_a_table_keeps_the_rows_that_refer_to_it(empty_database: Database) -> None:
    with empty_database.engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0003")
        connection.execute(text(_USER), {"id": new_id().hex, "at": "2026-01-01 00:00:00+00:00"})
        connection.execute(text(_SESSION), {"id": new_id().hex, "at": "2026-01-01 00:00:00+00:00"})
    upgrade(address_of(empty_database))
    with empty_database.engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM user_sessions")) == 1
        connection.execute(text("UPDATE users SET role = 'analyst'"))


_USER = """INSERT INTO users (id, email, name, password_hash, role, created_at)
VALUES (:id, 'ada@example.org', 'Ada', '!', 'agent', :at)"""
_SESSION = """INSERT INTO user_sessions
(id, user_id, token_digest, csrf_digest, expires_at, created_at)
SELECT :id, users.id, '-', '-', :at, :at FROM users"""
