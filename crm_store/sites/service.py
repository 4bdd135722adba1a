"""Sites: who may show the widget."""

import builtins
import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.audit import record
from crm_store.models import Site
from crm_store.permissions import Permission, require
from crm_store.sites.identity import HostIdentity, sign_identity, verify_identity
from foundation.errors import Conflict, Invalid, NotFound
from foundation.ids import new_token

_SITE_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_ORIGIN = re.compile(r"https?://[^/\s?#@]+")


class SiteService:
    """Adds sites, finds them, and checks the identities they sign."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, *, site_key: str, name: str, origins: builtins.list[str], asker: Asker) -> Site:
        """A new site with a secret of its own.

        Args:
            site_key: lower-case letters, digits and hyphens; public, on the host's page.
            name: for people, at most 200 characters.
            origins: as browsers send them, e.g. ``https://shop.example``.
            asker: who adds it.

        Raises:
            NotAllowed: the asker may not manage settings.
            Invalid: a value is malformed.
            Conflict: the key is taken.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        if not _SITE_KEY.fullmatch(site_key):
            raise Invalid("site_key: lower-case letters, digits and hyphens, at most 64")
        if not name.strip() or len(name) > 200:
            raise Invalid("name: 1 to 200 characters")
        cleaned = [origin.rstrip("/").lower() for origin in origins]
        if not all(_ORIGIN.fullmatch(origin) for origin in cleaned):
            raise Invalid("origins: each is a scheme and a host, like https://shop.example")
        if self._find(site_key) is not None:
            raise Conflict(f"site {site_key} exists already")
        site = Site(site_key=site_key, name=name.strip(), secret=new_token(), origins=cleaned)
        self._session.add(site)
        self._session.flush()
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

    def rotate_secret(self, site_key: str, *, asker: Asker) -> str:
        """Give the site a new secret; identities signed with the old one stop working at once.

        Raises:
            NotAllowed: the asker may not manage settings.
            NotFound: no such site, or it is disabled.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        site = self.by_key(site_key)
        site.secret = new_token()
        self._session.flush()
        record(self._session, asker, "site.secret_rotated", "site", site.id)
        return site.secret

    def sign_identity(
        self,
        site: Site,
        *,
        subject: str,
        email: str | None,
        name: str | None,
        ttl_seconds: int = 300,
    ) -> str:
        """A signed identity, as the host page's own server would make it."""
        return sign_identity(site, subject=subject, email=email, name=name, ttl_seconds=ttl_seconds)

    def verify_identity(self, site: Site, token: str) -> HostIdentity:
        """Who the host page says is there.

        Raises:
            NotAuthenticated: the token is not an acceptable identity for this site.
        """
        return verify_identity(site, token)

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
