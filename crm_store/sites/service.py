"""Sites: who may show the widget."""

import builtins
import re
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.audit import record
from crm_store.conversations.sessions import BY_HOST
from crm_store.models import Conversation, Site, WidgetSession
from crm_store.permissions import Permission, require
from crm_store.sites.errors import IdentityUnsupported
from crm_store.sites.identity import HostIdentity, sign_identity, verify_identity
from crm_store.sites.replay import use_once
from crm_store.sites.secrets import SiteSecrets
from foundation.errors import Conflict, Invalid, NotFound

_SITE_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
ORIGIN = re.compile(r"https?://(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
"""As browsers send it: nothing in it means something in a header."""
DEFAULT_OVERLAP = timedelta(hours=24)
_MAX_OVERLAP = timedelta(days=30)


class SiteService:
    """Adds sites, finds them, and checks the identities they sign."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        site_key: str,
        name: str,
        origins: builtins.list[str],
        guests_only: bool = False,
        identity_required: bool = False,
        shares_customers: bool | None = None,
        asker: Asker,
    ) -> Site:
        """A new site, with a secret that signs its customers' identities.

        Args:
            site_key: lower-case letters, digits and hyphens; public, on the host's page.
            name: for people, at most 200 characters.
            origins: as browsers send them, e.g. ``https://shop.example``.
            guests_only: make no secret: nobody can be vouched for until there is one.
            identity_required: let nobody in for whom the host does not vouch.
            shares_customers: the ids that it signs are the shop's own (``external_id``), not only
                this site's; None: so for the first site, and for no other.
            asker: who adds it.

        Raises:
            NotAllowed: the asker may not manage settings.
            Invalid: a value is malformed, or the two choices contradict each other.
            Conflict: the key is taken.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        if not _SITE_KEY.fullmatch(site_key):
            raise Invalid("site_key: lower-case letters, digits and hyphens, at most 64")
        if not name.strip() or len(name) > 200:
            raise Invalid("name: 1 to 200 characters")
        cleaned = [origin.rstrip("/").lower() for origin in origins]
        if not all(ORIGIN.fullmatch(origin) for origin in cleaned):
            raise Invalid("origins: each is a scheme and a host, like https://shop.example")
        if self._find(site_key) is not None:
            raise Conflict(f"site {site_key} exists already")
        if guests_only and identity_required:
            raise Invalid("identity_required: needs a secret, and guests_only makes none")
        site = Site(
            site_key=site_key,
            name=name.strip(),
            origins=cleaned,
            identity_required=identity_required,
            shares_customers=self._is_first() if shares_customers is None else shares_customers,
        )
        self._session.add(site)
        self._session.flush()
        if not guests_only:
            SiteSecrets(self._session, site).replace(overlap=timedelta())
        record(self._session, asker, "site.added", "site", site.id)
        return site

    def by_key(self, site_key: str) -> Site:
        """The site in service under this key.

        Raises:
            NotFound: no such site, or it is disabled.
        """
        site = self._find(site_key)
        if site is None or site.disabled_at is not None:
            raise NotFound("no such site")
        return site

    def in_service(self, site_id: UUID) -> Site:
        """The site with this id.

        Raises:
            NotFound: it is disabled.
        """
        site = self._session.get_one(Site, site_id)
        if site.disabled_at is not None:
            raise NotFound("no such site")
        return site

    def rotate_secret(
        self, site_key: str, *, overlap: timedelta = DEFAULT_OVERLAP, asker: Asker
    ) -> str:
        """Give the site a new secret, or its first one; it signs and verifies at once.

        Args:
            site_key: whose.
            overlap: how long identities signed with the secrets before it are still accepted,
                30 days at most; none cuts them off at once.
            asker: who does it.

        Raises:
            NotAllowed: the asker may not manage settings.
            NotFound: no such site, or it is disabled.
            Invalid: the overlap is out of range.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        if not timedelta() <= overlap <= _MAX_OVERLAP:
            raise Invalid(f"overlap: 0 to {_MAX_OVERLAP.days} days")
        site = self.by_key(site_key)
        secret = SiteSecrets(self._session, site).replace(overlap=overlap)
        facts = {"overlap_seconds": int(overlap.total_seconds())}
        record(self._session, asker, "site.secret_rotated", "site", site.id, facts)
        return secret

    def secret(self, site: Site) -> str | None:
        """The secret to sign with; None where the site takes guests only."""
        return SiteSecrets(self._session, site).current()

    def require_identity(self, site_key: str, *, required: bool, asker: Asker) -> Site:
        """Choose whether guests are refused; those who are there are shut out at once.

        Raises:
            NotAllowed: the asker may not manage settings.
            NotFound: no such site, or it is disabled.
            Conflict: the site has no secret, so nobody could come in.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        site = self.by_key(site_key)
        if required and self.secret(site) is None:
            raise Conflict("the site has no secret: rotate it to make the first one")
        if site.identity_required != required:
            site.identity_required = required
            self._session.flush()
            if required:
                self._shut_guests_out(site)
            facts = {"required": required}
            record(self._session, asker, "site.identity_required", "site", site.id, facts)
        return site

    def sign_identity(
        self,
        site: Site,
        *,
        subject: str,
        email: str | None,
        name: str | None,
        ttl_seconds: int = 300,
    ) -> str:
        """A signed identity, as the host page's own server would make it.

        Raises:
            IdentityUnsupported: the site takes guests only.
        """
        secret = self.secret(site)
        if secret is None:
            raise IdentityUnsupported
        return sign_identity(
            site_key=site.site_key,
            secret=secret,
            subject=subject,
            email=email,
            name=name,
            ttl_seconds=ttl_seconds,
        )

    def redeem_identity(
        self, site: Site, token: str, *, browser_key: str | None = None
    ) -> HostIdentity:
        """Who the host page says is there; a token is taken once.

        Args:
            site: where it is presented.
            token: the JWT.
            browser_key: a secret that the browser has made up; the same browser may present the
                same token again.

        Raises:
            IdentityUnsupported: the site takes guests only.
            IdentityExpired: the host has to sign another.
            IdentityInvalid: it is not an acceptable identity for this site.
            IdentityReplayed: it has been presented already, by another browser.
        """
        secrets = SiteSecrets(self._session, site).in_force()
        if not secrets:
            raise IdentityUnsupported
        signed = verify_identity(site_key=site.site_key, secrets=secrets, token=token)
        use_once(self._session, site, signed, browser_key=browser_key)
        return signed.who

    def _shut_guests_out(self, site: Site) -> None:
        of_guests = select(Conversation.id).where(
            Conversation.site_id == site.id,
            Conversation.verified_by.is_distinct_from(BY_HOST),
        )
        self._session.execute(
            delete(WidgetSession)
            .where(WidgetSession.conversation_id.in_(of_guests))
            .execution_options(synchronize_session=False)
        )

    def _is_first(self) -> bool:
        return self._session.scalar(select(Site.id).limit(1)) is None

    def _find(self, site_key: str) -> Site | None:
        if not _SITE_KEY.fullmatch(site_key):
            return None
        return self._session.scalar(select(Site).where(Site.site_key == site_key))

    def list(self, *, asker: Asker) -> builtins.list[Site]:
        """Every site by key.

        Raises:
            NotAllowed: the asker may not manage settings.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        return builtins.list(self._session.scalars(select(Site).order_by(Site.site_key)))
