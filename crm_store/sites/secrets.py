"""A site's secrets: one that signs, and those before it for as long as they overlap."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from crm_store.models import Site, SiteSecret
from foundation.clock import utc_now
from foundation.ids import new_token


class SiteSecrets:
    """The secrets of one site."""

    def __init__(self, session: Session, site: Site) -> None:
        self._session = session
        self._of_site = SiteSecret.site_id == site.id
        self._site = site

    def current(self) -> str | None:
        """The one to sign with; None where the site has none."""
        return next(iter(self.in_force()), None)

    def in_force(self) -> list[str]:
        """Those that verify, the newest first."""
        statement = select(SiteSecret.secret).where(self._of_site, _in_force())
        return list(self._session.scalars(statement.order_by(SiteSecret.created_at.desc())))

    def replace(self, *, overlap: timedelta) -> str:
        """A new secret, in force at once; those before it verify until the overlap is over.

        Returns:
            The new one, which nobody can read from the outside again.
        """
        # Two who replace at once take turns: the later one is the newest.
        self._session.execute(select(Site.id).where(Site.id == self._site.id).with_for_update())
        until = utc_now() + overlap
        outlives = or_(SiteSecret.expires_at.is_(None), SiteSecret.expires_at > until)
        self._session.execute(
            update(SiteSecret)
            .where(self._of_site, outlives)
            .values(expires_at=until)
            .execution_options(synchronize_session=False)
        )
        self._session.execute(
            delete(SiteSecret)
            .where(self._of_site, ~_in_force())
            .execution_options(synchronize_session=False)
        )
        new = SiteSecret(site_id=self._site.id, secret=new_token())
        self._session.add(new)
        self._session.flush()
        return new.secret


def _in_force() -> ColumnElement[bool]:
    return or_(SiteSecret.expires_at.is_(None), SiteSecret.expires_at > utc_now())
