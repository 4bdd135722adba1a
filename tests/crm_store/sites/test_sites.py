"""Sites."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.models import Site, SiteSecret, UsedIdentity
from crm_store.sites.errors import IdentityInvalid, IdentityReplayed, IdentityUnsupported
from crm_store.sites.identity import HostIdentity, SignedIdentity, sign_identity
from crm_store.sites.replay import use_once
from crm_store.sites.service import SiteService
from foundation.clock import utc_now
from foundation.errors import Conflict, Invalid, NotFound
from foundation.ids import new_token

OPERATOR = AsSystem("a test")


def test_a_site_is_found_by_its_key(database: Database) -> None:
    with database.transaction() as session:
        sites = SiteService(session)
        made = sites.add(
            site_key="demo-shop", name="Demo", origins=["https://Shop.example/"], asker=OPERATOR
        )
        assert sites.by_key("demo-shop").id == made.id
        assert made.origins == ["https://shop.example"]
        assert len(sites.secret(made) or "") >= 40
        assert not made.identity_required
        assert [site.site_key for site in sites.list(asker=OPERATOR)] == ["demo-shop"]


def test_a_key_is_taken_once(database: Database) -> None:
    with database.transaction() as session:
        sites = SiteService(session)
        sites.add(site_key="a", name="A", origins=[], asker=OPERATOR)
        with pytest.raises(Conflict):
            sites.add(site_key="a", name="B", origins=[], asker=OPERATOR)


def test_the_first_site_shares_the_shops_customers_and_others_by_choice(
    database: Database,
) -> None:
    with database.transaction() as session:
        sites = SiteService(session)
        first, second = (
            sites.add(site_key=key, name=key, origins=[], asker=OPERATOR) for key in ("a", "b")
        )
        chosen = sites.add(
            site_key="c", name="C", origins=[], shares_customers=True, asker=OPERATOR
        )
        assert (first.shares_customers, second.shares_customers) == (True, False)
        assert chosen.shares_customers


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
        {"origins": ["https://*.shop.example"]},
        {"origins": ["https://shop.example; script-src *"]},
        {"origins": ["https://shop.example;script-src"]},
        {"origins": ["https://shop.example,https://b.example"]},
        {"origins": ["https://'none'"]},
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


class TestSecrets:
    def test_the_new_one_signs_at_once_and_the_old_one_verifies_for_a_while(
        self, database: Database
    ) -> None:
        with database.transaction() as session:
            sites, site = SiteService(session), added(session)
            old = sites.secret(site)
            new = sites.rotate_secret("a", overlap=timedelta(hours=24), asker=OPERATOR)
            assert sites.secret(site) == new != old
            assert sites.redeem_identity(site, signed_with(old)).subject == "c-1"
            session.execute(
                update(SiteSecret)
                .where(SiteSecret.expires_at.is_not(None))
                .values(expires_at=utc_now() - timedelta(seconds=1))
            )
            with pytest.raises(IdentityInvalid):
                sites.redeem_identity(site, signed_with(old))
            assert sites.redeem_identity(site, signed_with(new)).subject == "c-1"

    def test_without_overlap_the_old_one_is_cut_off(self, database: Database) -> None:
        with database.transaction() as session:
            sites, site = SiteService(session), added(session)
            old = sites.secret(site)
            sites.rotate_secret("a", overlap=timedelta(), asker=OPERATOR)
            with pytest.raises(IdentityInvalid):
                sites.redeem_identity(site, signed_with(old))
            assert session.scalar(select(func.count()).select_from(SiteSecret)) == 1

    def test_a_later_cut_ends_earlier_overlaps(self, database: Database) -> None:
        with database.transaction() as session:
            sites, site = SiteService(session), added(session)
            first = sites.secret(site)
            second = sites.rotate_secret("a", overlap=timedelta(days=2), asker=OPERATOR)
            sites.rotate_secret("a", overlap=timedelta(), asker=OPERATOR)
            for dead in (first, second):
                with pytest.raises(IdentityInvalid):
                    sites.redeem_identity(site, signed_with(dead))

    def test_two_who_rotate_at_once_leave_one_that_signs(self, database: Database) -> None:
        with database.transaction() as session:
            added(session)

        def rotate(_: int) -> str:
            with database.transaction() as session:
                return SiteService(session).rotate_secret("a", asker=OPERATOR)

        with ThreadPoolExecutor(4) as pool:
            made = set(pool.map(rotate, range(4)))
        with database.reading() as session:
            sites = SiteService(session)
            assert sites.secret(sites.by_key("a")) in made
            current = select(func.count()).where(SiteSecret.expires_at.is_(None))
            assert session.scalar(current) == 1

    def test_it_is_not_readable_in_the_database(self, database: Database) -> None:
        with database.transaction() as session:
            secret = SiteService(session).secret(added(session))
            (stored,) = session.scalars(text("SELECT secret FROM site_secrets"))
            assert secret not in stored

    @pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=31)])
    def test_an_overlap_has_its_limits(self, sqlite_database: Database, overlap: timedelta) -> None:
        with sqlite_database.transaction() as session:
            added(session)
            with pytest.raises(Invalid):
                SiteService(session).rotate_secret("a", overlap=overlap, asker=OPERATOR)

    def test_a_site_for_guests_vouches_for_nobody(self, database: Database) -> None:
        with database.transaction() as session:
            sites, site = SiteService(session), added(session, guests_only=True)
            assert sites.secret(site) is None
            with pytest.raises(IdentityUnsupported):
                sites.redeem_identity(site, signed_with(new_token()))
            with pytest.raises(IdentityUnsupported):
                sites.sign_identity(site, subject="c-1", email=None, name=None)
            with pytest.raises(Conflict):
                sites.require_identity("a", required=True, asker=OPERATOR)
            sites.rotate_secret("a", asker=OPERATOR)
            assert sites.require_identity("a", required=True, asker=OPERATOR).identity_required
            assert not sites.require_identity("a", required=False, asker=OPERATOR).identity_required

    def test_nobody_could_come_in(self, sqlite_database: Database) -> None:
        with sqlite_database.transaction() as session, pytest.raises(Invalid):
            added(session, guests_only=True, identity_required=True)


class TestReplay:
    def test_an_identity_is_taken_once(self, database: Database) -> None:
        with database.transaction() as session:
            sites, site = SiteService(session), added(session)
            token = sites.sign_identity(site, subject="c-1", email=None, name=None)
            assert sites.redeem_identity(site, token, browser_key="mine").subject == "c-1"
            for key in (None, "guessed", ""):
                with pytest.raises(IdentityReplayed):
                    sites.redeem_identity(site, token, browser_key=key)

    def test_the_same_browser_may_come_again(self, database: Database) -> None:
        with database.transaction() as session:
            sites, site = SiteService(session), added(session)
            token = sites.sign_identity(site, subject="c-1", email=None, name=None)
            for _ in range(3):
                assert sites.redeem_identity(site, token, browser_key="mine").subject == "c-1"

    def test_no_key_is_the_key_of_nobody(self, database: Database) -> None:
        with database.transaction() as session:
            sites, site = SiteService(session), added(session)
            token = sites.sign_identity(site, subject="c-1", email=None, name=None)
            sites.redeem_identity(site, token)
            with pytest.raises(IdentityReplayed):
                sites.redeem_identity(site, token)

    def test_of_several_at_once_one_is_taken(self, database: Database) -> None:
        with database.transaction() as session:
            sites, site = SiteService(session), added(session)
            token = sites.sign_identity(site, subject="c-1", email=None, name=None)

        def present(number: int) -> bool:
            try:
                with database.transaction() as session:
                    SiteService(session).redeem_identity(site, token, browser_key=f"b-{number}")
            except IdentityReplayed:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(present, range(8))) == 1

    def test_the_same_identifier_may_be_another_sites(self, database: Database) -> None:
        with database.transaction() as session:
            signed = SignedIdentity(HostIdentity("c-1", None, None), "j-1", utc_now())
            for key in ("a", "b"):
                use_once(session, added(session, site_key=key), signed, browser_key=None)
            assert session.scalar(select(func.count()).select_from(UsedIdentity)) == 2


def added(session: Session, *, site_key: str = "a", **choices: bool) -> Site:
    return SiteService(session).add(
        site_key=site_key, name="A", origins=[], asker=OPERATOR, **choices
    )


def signed_with(secret: str | None) -> str:
    assert secret is not None
    return sign_identity(
        site_key="a", secret=secret, subject="c-1", email=None, name=None, ttl_seconds=60
    )
