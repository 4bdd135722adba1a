"""``/api/v1/sites``: how the widget looks and asks on each site."""

from typing import Annotated

from fastapi import APIRouter, Path

from crm_store.sites.configuration import ConfiguredSite, SiteConfiguration
from crm_store.sites.service import SiteService
from gateway.auth.staff import StaffDep
from gateway.parts import PartsDep
from gateway.schemas import ListOf
from gateway.sites.schemas import SiteEdit, SiteRow, SiteView

router = APIRouter(prefix="/sites", tags=["sites"])

SiteKey = Annotated[str, Path(max_length=64)]


@router.get("")
def list_sites(staff: StaffDep, parts: PartsDep) -> ListOf[SiteRow]:
    """Every site in service."""
    with parts.database.reading() as session:
        sites = SiteService(session).list(asker=staff.asker)
        return ListOf(
            items=[
                SiteRow(site_key=site.site_key, name=site.name, origins=site.origins)
                for site in sites
                if site.disabled_at is None
            ]
        )


@router.get("/{site_key}")
def get_site(site_key: SiteKey, staff: StaffDep, parts: PartsDep) -> SiteView:
    """One site with its settings."""
    with parts.database.reading() as session:
        return _view(SiteConfiguration(session).show(site_key, asker=staff.asker))


@router.patch("/{site_key}")
def configure_site(site_key: SiteKey, body: SiteEdit, staff: StaffDep, parts: PartsDep) -> SiteView:
    """Set what is sent; visitors see it within a minute."""
    changes = body.model_dump(exclude={"version"}, exclude_unset=True, mode="json")
    with parts.database.transaction() as session:
        changed = SiteConfiguration(session).change(
            site_key, changes, version=body.version, asker=staff.asker
        )
        return _view(changed)


def _view(configured: ConfiguredSite) -> SiteView:
    site = configured.site
    return SiteView(
        id=site.id,
        site_key=site.site_key,
        name=site.name,
        origins=site.origins,
        version=site.version,
        calendar=configured.calendar,
        identity_required=site.identity_required,
        shares_customers=site.shares_customers,
        settings=configured.settings,
    )
