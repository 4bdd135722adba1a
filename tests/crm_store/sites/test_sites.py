"""Sites."""

import pytest

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.sites.service import SiteService
from foundation.clock import utc_now
from foundation.errors import Conflict, Invalid, NotFound

OPERATOR = AsSystem("a test")


def test_a_site_is_found_by_its_key(database: Database) -> None:
    with database.transaction() as session:
        sites = SiteService(session)
        made = sites.add(
            site_key="demo-shop", name="Demo", origins=["https://Shop.example/"], asker=OPERATOR
        )
        assert sites.by_key("demo-shop").id == made.id
        assert made.origins == ["https://shop.example"]
        assert len(made.secret) >= 40
        assert [site.site_key for site in sites.list(asker=OPERATOR)] == ["demo-shop"]


def test_a_key_is_taken_once(database: Database) -> None:
    with database.transaction() as session:
        sites = SiteService(session)
        sites.add(site_key="a", name="A", origins=[], asker=OPERATOR)
        with pytest.raises(Conflict):
            sites.add(site_key="a", name="B", origins=[], asker=OPERATOR)


@pytest.mark.parametrize(
    "wrong",
    [
        {"site_key": "Upper"},
        {"site_key": ""},
        {"site_key": "a" * 65},
        {"site_key": "-a"},
        {"name": " "},
        {"origins": ["shop.example"]},
        {"origins": ["https://shop.example/path"]},
        {"origins": ["https://user@shop.example"]},
        {"origins": ["*"]},
    ],
)
def test_malformed_values_are_refused(sqlite_database: Database, wrong: dict[str, object]) -> None:
    values = {"site_key": "a", "name": "A", "origins": []} | wrong
    with sqlite_database.transaction() as session, pytest.raises(Invalid):
        SiteService(session).add(**values, asker=OPERATOR)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["absent", "nul\x00", "", "ü" * 300])
def test_an_unknown_key_is_not_found(database: Database, key: str) -> None:
    with database.reading() as session, pytest.raises(NotFound):
        SiteService(session).by_key(key)


def test_a_disabled_site_is_not_found(database: Database) -> None:
    with database.transaction() as session:
        sites = SiteService(session)
        sites.add(site_key="a", name="A", origins=[], asker=OPERATOR).disabled_at = utc_now()
        session.flush()
        with pytest.raises(NotFound):
            sites.by_key("a")


def test_a_rotated_secret_is_new(database: Database) -> None:
    with database.transaction() as session:
        sites = SiteService(session)
        old = sites.add(site_key="a", name="A", origins=[], asker=OPERATOR).secret
        new = sites.rotate_secret("a", asker=OPERATOR)
    assert new != old
    with database.reading() as session:
        assert SiteService(session).by_key("a").secret == new
