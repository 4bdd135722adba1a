"""A store from before encryption comes through the migration, and back, with its rows."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from crm_store.crypto import NoDataKeys
from crm_store.crypto.registry import require_keys
from crm_store.customers.contacts import has_email
from crm_store.database import Database
from crm_store.migrate import downgrade, is_current, upgrade
from crm_store.models import Customer, Order
from foundation.errors import Unavailable
from foundation.ids import new_id
from tests.crm_store.crypto.raw import key_ids
from tests.fixtures.databases import KEYRING

BEFORE = "0003"
CUSTOMER = {
    "email": "anna@example.com",
    "phone": "+49301234567",
    "street": "Ringstraße 1",
    "postal_code": "10115",
}
ORDER = {"ship_to": "Anna Beispiel", "street": "Ringstraße 1", "postal_code": "10115"}


def address_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def fill(database: Database) -> None:
    """Rows as the schema of then had them."""
    at = "2026-01-01 10:00:00"
    customer, order = new_id(), new_id()
    with database.engine.begin() as connection:
        insert(
            connection,
            "customers",
            CUSTOMER
            | {"id": customer, "name": "Anna", "locale": "de", "newsletter": False}
            | {"created_at": at, "updated_at": at},
        )
        insert(
            connection,
            "orders",
            ORDER
            | {"id": order, "number": "KF-1", "customer_id": customer, "status": "paid"}
            | {"placed_at": at, "currency": "EUR", "items_minor": 1, "shipping_minor": 0}
            | {"total_minor": 1, "shipping_method": "standard", "city": "Berlin", "country": "DE"},
        )


def insert(connection: Any, table: str, row: dict[str, Any]) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    values = {k: v.hex if is_sqlite and hasattr(v, "hex") else v for k, v in row.items()}
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # own names
    connection.execute(text(statement), values)


def one_row(database: Database, table: str, columns: dict[str, str]) -> dict[str, Any]:
    statement = f"SELECT {', '.join(columns)} FROM {table}"  # own names
    with database.engine.connect() as connection:
        return dict(connection.execute(text(statement)).mappings().one())


def test_rows_are_encrypted_and_come_back(empty_database: Database, tmp_path: Path) -> None:
    address = address_of(empty_database)
    upgrade(address)
    downgrade(address, BEFORE)
    fill(empty_database)
    upgrade(address, keyring=KEYRING)
    assert is_current(empty_database)
    require_keys(empty_database)
    for column in CUSTOMER:
        assert key_ids(empty_database, f"customers.{column}") == {"k1"}
    for column in ORDER:
        assert key_ids(empty_database, f"orders.{column}") == {"k1"}
    with empty_database.reading() as session:
        wanted = has_email(session, CUSTOMER["email"])
        customer = session.scalars(select(Customer).where(wanted)).one()
        assert {name: getattr(customer, name) for name in CUSTOMER} == CUSTOMER
        order = session.scalars(select(Order)).one()
        assert {name: getattr(order, name) for name in ORDER} == ORDER
    if empty_database.is_sqlite:
        for file in tmp_path.glob("empty.db*"):
            assert CUSTOMER["street"].encode() not in file.read_bytes()
    with pytest.raises(NoDataKeys):
        downgrade(address, BEFORE)
    downgrade(address, BEFORE, keyring=KEYRING)
    assert one_row(empty_database, "customers", CUSTOMER) == CUSTOMER
    assert one_row(empty_database, "orders", ORDER) == ORDER


def test_a_store_whose_encryption_was_cut_off_is_not_served(empty_database: Database) -> None:
    address = address_of(empty_database)
    upgrade(address)
    downgrade(address, BEFORE)
    fill(empty_database)
    with pytest.raises(KeyboardInterrupt):
        upgrade(address, keyring=KEYRING, progress=_cut_off)
    with pytest.raises(Unavailable, match="kefu db upgrade"):
        require_keys(empty_database)
    upgrade(address, keyring=KEYRING)
    require_keys(empty_database)


def _cut_off(_table: str, _done: int, _total: int) -> None:
    raise KeyboardInterrupt
