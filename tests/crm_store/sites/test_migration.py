"""The secrets of sites move to a table of their own, and back, with their values."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import JSON, Boolean, DateTime, String, Uuid, column, insert, select, table, text

from crm_store.crypto import NoDataKeys
from crm_store.database import Database
from crm_store.migrate import downgrade, upgrade
from crm_store.models import Site
from crm_store.sites.secrets import SiteSecrets
from foundation.clock import utc_now
from foundation.ids import new_id
from tests.fixtures.databases import KEYRING

BEFORE = "0011"
SECRET = "the secret of a shop, from before"
SITES = table(
    "sites",
    column("id", Uuid()),
    column("site_key", String()),
    column("name", String()),
    column("secret", String()),
    column("origins", JSON()),
    column("created_at", DateTime(timezone=True)),
)


def address_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def add_site(database: Database) -> None:
    """As the schema of then had it."""
    with database.engine.begin() as connection:
        connection.execute(
            insert(SITES).values(
                id=new_id(),
                site_key="a",
                name="A",
                secret=SECRET,
                origins=[],
                created_at=utc_now(),
            )
        )


def stored(database: Database, statement: str) -> list[str]:
    with database.engine.begin() as connection:
        return list(connection.scalars(text(statement)))


@pytest.mark.parametrize("is_new", [True, False], ids=["encrypted for the first time", "before"])
def test_a_secret_is_encrypted_and_comes_back(empty_database: Database, is_new: bool) -> None:
    address = address_of(empty_database)
    upgrade(address, keyring=None if is_new else KEYRING)
    downgrade(address, BEFORE, keyring=KEYRING)
    add_site(empty_database)
    upgrade(address, keyring=KEYRING)
    (sealed,) = stored(empty_database, "SELECT secret FROM site_secrets")
    assert SECRET not in sealed
    with empty_database.reading() as session:
        site = session.scalars(select(Site)).one()
        assert SiteSecrets(session, site).in_force() == [SECRET]
        assert not site.identity_required
    with pytest.raises(NoDataKeys):
        downgrade(address, BEFORE)
    downgrade(address, BEFORE, keyring=KEYRING)
    assert stored(empty_database, "SELECT secret FROM sites") == [SECRET]


def test_the_oldest_site_alone_keeps_the_shops_customers(empty_database: Database) -> None:
    address = address_of(empty_database)
    upgrade(address)
    downgrade(address, "0013")
    sites = table(
        "sites",
        column("id", Uuid()),
        column("site_key", String()),
        column("name", String()),
        column("origins", JSON()),
        column("identity_required", Boolean()),
        column("created_at", DateTime(timezone=True)),
    )
    with empty_database.engine.begin() as connection:
        for key, day in (("young", 2), ("old", 1)):
            connection.execute(
                insert(sites).values(
                    id=new_id(),
                    site_key=key,
                    name=key,
                    origins=[],
                    created_at=datetime(2026, 1, day, tzinfo=UTC),
                    identity_required=False,
                )
            )
    upgrade(address)
    shares = "SELECT site_key FROM sites WHERE shares_customers"
    assert stored(empty_database, shares) == ["old"]
    downgrade(address, "0013")
    assert sorted(stored(empty_database, "SELECT site_key FROM sites")) == ["old", "young"]


def test_a_site_without_one_gets_one_that_nobody_knows(empty_database: Database) -> None:
    address = address_of(empty_database)
    upgrade(address)
    downgrade(address, BEFORE)
    add_site(empty_database)
    upgrade(address)
    stored(empty_database, "DELETE FROM site_secrets RETURNING secret")
    downgrade(address, BEFORE)
    (made,) = stored(empty_database, "SELECT secret FROM sites")
    assert len(made) >= 40
