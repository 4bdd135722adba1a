"""Reading and changing how the widget behaves on a site."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.audit import record
from crm_store.editing import ChangedMeanwhile
from crm_store.models import BusinessCalendar, Site
from crm_store.permissions import Permission, require
from crm_store.sites.settings import SiteSettings
from foundation.errors import InvalidFields, NotFound

_OF_THE_SITE = frozenset({"calendar", "identity_required", "shares_customers"})


@dataclass(frozen=True, slots=True)
class ConfiguredSite:
    """A site with its settings, and the name of the calendar that it opens and closes by."""

    site: Site
    settings: SiteSettings
    calendar: str | None


class SiteConfiguration:
    """What admins set per site."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def show(self, site_key: str, *, asker: Asker) -> ConfiguredSite:
        """The site as it is set.

        Raises:
            NotAllowed: the asker may not manage settings.
            NotFound: no such site, or it is disabled.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        return self._configured(self._find(site_key))

    def change(
        self,
        site_key: str,
        changes: Mapping[str, Any],
        *,
        version: int | None = None,
        asker: Asker,
    ) -> ConfiguredSite:
        """Set what is given and leave the rest; each setting is replaced as a whole.

        Args:
            site_key: which site.
            changes: fields of ``SiteSettings``, ``calendar`` (a name, or None),
                ``identity_required`` and ``shares_customers``.
            version: the one that the asker has seen; None changes it whatever it is.
            asker: who changes it.

        Raises:
            NotAllowed: the asker may not manage settings.
            NotFound: no such site, or it is disabled.
            InvalidFields: what is wrong, by its path.
            ChangedMeanwhile: it is in another version.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        site = self._find(site_key, lock=True)
        if version is not None and site.version != version:
            raise ChangedMeanwhile(f"It is in version {site.version} now.")
        given = {name: value for name, value in changes.items() if name not in _OF_THE_SITE}
        settings = SiteSettings.read({**site.settings, **given})
        values: dict[str, Any] = {"settings": settings.stored()}
        if "calendar" in changes:
            values["calendar_id"] = self._calendar(changes["calendar"])
        for name in ("identity_required", "shares_customers"):
            if name in changes:
                values[name] = _flag(name, changes[name])
        changed = [name for name, value in values.items() if getattr(site, name) != value]
        for name in changed:
            setattr(site, name, values[name])
        if changed:
            site.version += 1
            self._session.flush()
            facts = {"fields": sorted(changes)}
            record(self._session, asker, "site.configured", "site", site.id, facts)
        return self._configured(site)

    def of_visitors(self, site_id: UUID) -> SiteSettings:
        """The settings as the site's own visitors meet them: nobody is asked for a permission."""
        return SiteSettings.read(self._session.get_one(Site, site_id).settings)

    def _configured(self, site: Site) -> ConfiguredSite:
        named = select(BusinessCalendar.name).where(BusinessCalendar.id == site.calendar_id)
        calendar = self._session.scalar(named) if site.calendar_id else None
        return ConfiguredSite(site, SiteSettings.read(site.settings), calendar)

    def _calendar(self, name: Any) -> Any:
        if name is None:
            return None
        found = None
        if isinstance(name, str):
            found = self._session.scalar(
                select(BusinessCalendar.id).where(BusinessCalendar.name == name)
            )
        if found is None:
            raise InvalidFields({"calendar": "there is no business calendar of that name"})
        return found

    def _find(self, site_key: str, *, lock: bool = False) -> Site:
        statement = select(Site).where(Site.site_key == site_key, Site.disabled_at.is_(None))
        if lock:
            statement = statement.with_for_update().execution_options(populate_existing=True)
        site = self._session.scalar(statement)
        if site is None:
            raise NotFound("no such site")
        return site


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidFields({name: "must be true or false"})
    return value
