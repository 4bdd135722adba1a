"""The newsletter column becomes consents, and back."""

from alembic import command
from sqlalchemy import Connection, text

from crm_store.database import Database
from crm_store.migrate import alembic_config
from foundation.ids import new_id

BEFORE, AFTER = "0005", "0006"
INSERT = text(
    "INSERT INTO customers (id, name, locale, newsletter, created_at, updated_at)"
    " VALUES (:id, :name, 'en', :newsletter, '2026-01-01', '2026-01-01')"
)


def names(connection: Connection, sql: str) -> set[str]:
    return set(connection.scalars(text(sql)))


def test_subscribers_stay_subscribers_both_ways(empty_database: Database) -> None:
    with empty_database.engine.begin() as connection:
        command.upgrade(alembic_config(connection), BEFORE)
        for name, newsletter in (("yes", True), ("no", False), ("yes too", True)):
            connection.execute(INSERT, {"id": new_id().hex, "name": name, "newsletter": newsletter})
    with empty_database.engine.begin() as connection:
        command.upgrade(alembic_config(connection), AFTER)
        subscribed = names(
            connection,
            "SELECT customers.name FROM consents JOIN customers ON customers.id = customer_id"
            " WHERE purpose = 'marketing_email' AND granted AND source = 'migration'",
        )
        assert subscribed == {"yes", "yes too"}
        connection.execute(
            text(
                "UPDATE consents SET superseded_at = '2026-02-01' WHERE customer_id ="
                " (SELECT id FROM customers WHERE name = 'yes too')"
            )
        )
    with empty_database.engine.begin() as connection:
        command.downgrade(alembic_config(connection), BEFORE)
        assert names(connection, "SELECT name FROM customers WHERE newsletter") == {"yes"}
