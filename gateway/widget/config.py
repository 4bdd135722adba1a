"""``/api/v1/widget/config``: what a page's widget needs to know before anybody speaks."""

import hashlib
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel

from crm_store.models import Site
from crm_store.sites.hours import DeskHours, desk_hours
from crm_store.sites.service import SiteService
from crm_store.sites.settings import Appearance, Greeting, Locales, PreChat, SiteSettings
from foundation.clock import utc_now
from gateway.http.addresses import address_of
from gateway.parts import PartsDep
from gateway.widget.attachments import EXTENSIONS
from gateway.widget.page_origin import require_origin

router = APIRouter(prefix="/widget/config", tags=["widget"])

_CACHE = "public, max-age=60"


class HoursView(BaseModel):
    """Whether people answer now; times are UTC."""

    open: bool
    timezone: str
    opens_at: datetime | None
    closes_at: datetime | None


class AttachmentLimits(BaseModel):
    max_bytes: int
    types: list[str]


class WidgetConfig(BaseModel):
    """The site's settings as far as visitors may know them."""

    site_key: str
    name: str
    locales: Locales
    appearance: Appearance
    texts: dict[str, dict[str, str]]
    pre_chat: PreChat | None
    hours: HoursView | None
    offline_form: bool
    greetings: list[Greeting]
    attachments: AttachmentLimits
    identity_required: bool
    sound: bool


@router.get("", response_model=WidgetConfig, responses={304: {"description": "As you have it"}})
def get_widget_config(
    request: Request,
    parts: PartsDep,
    site_key: Annotated[str, Query(max_length=64)],
    origin: Annotated[str | None, Header()] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """How the widget looks and asks on this site, and whether people answer now."""
    parts.page_rate.take(address_of(request), detail="Too many pages were opened here.")
    with parts.database.reading() as session:
        site = SiteService(session).by_key(site_key)
        require_origin(site, origin, request.headers.get("host"))
        hours = desk_hours(session, site, at=utc_now())
    limit = parts.settings.max_attachment_bytes
    body = _config(site, hours, max_bytes=limit).model_dump_json().encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"Cache-Control": _CACHE, "ETag": tag}
    if tag in (if_none_match or ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _config(site: Site, hours: DeskHours | None, *, max_bytes: int) -> WidgetConfig:
    settings = SiteSettings.read(site.settings)
    shared: dict[str, Any] = {
        name: getattr(settings, name)
        for name in ("locales", "appearance", "texts", "pre_chat", "greetings", "sound")
    }
    return WidgetConfig(
        site_key=site.site_key,
        name=site.name,
        hours=HoursView.model_validate(hours, from_attributes=True) if hours else None,
        # Without hours there is no time outside of them.
        offline_form=settings.offline_form and hours is not None,
        attachments=AttachmentLimits(max_bytes=max_bytes, types=sorted(EXTENSIONS)),
        identity_required=site.identity_required,
        **shared,
    )
