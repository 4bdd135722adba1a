"""``/chat/{site_key}``: the whole page is the site's chat, to be linked to or framed.

The only page of ours that others may frame, and only those of the site's own origins: the browser
asks us for the page and is told by ``frame-ancestors``, which no page can talk it out of.
"""

import re
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crm_store.models import Site
from crm_store.sites.service import ORIGIN, SiteService
from crm_store.sites.settings import SiteSettings
from foundation.errors import NotFound
from gateway.http.addresses import address_of
from gateway.parts import PartsDep

_FOLDER = Path(__file__).resolve().parent
_STATIC = {name: _FOLDER / "static" / name for name in ("chat.css", "chat.js")}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: https:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors {ancestors}"
)


def chat_pages() -> APIRouter:
    """Routes of the chat pages; left out of the API's description."""
    templates = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined
    )
    page = templates.get_template("page.html")
    router = APIRouter(include_in_schema=False)

    @router.get("/chat/static/{name}")
    async def chat_static(name: str) -> FileResponse:
        path = _STATIC.get(name)
        if path is None:
            raise NotFound
        return FileResponse(path, headers={"Cache-Control": "no-cache"})

    @router.get("/chat/{site_key}")
    def chat_page(site_key: str, request: Request, parts: PartsDep) -> HTMLResponse:
        parts.page_rate.take(address_of(request), detail="Too many pages were opened here.")
        try:
            with parts.database.reading() as session:
                site = SiteService(session).by_key(site_key)
        except NotFound:
            body = page.render(lang="en", title="No chat here", site_key=None)
            return HTMLResponse(body, 404, headers=_headers([]))
        settings = SiteSettings.read(site.settings)
        body = page.render(
            lang=settings.locales.default,
            title=settings.appearance.title or site.name,
            site_key=site.site_key,
        )
        return HTMLResponse(body, headers=_headers(_ancestors(site)))

    return router


def _ancestors(site: Site) -> list[str]:
    """The site's origins, as a policy can name them: an odd one must not end the directive."""
    return [origin for origin in site.origins if re.fullmatch(ORIGIN, origin)]


def _headers(ancestors: list[str]) -> dict[str, str]:
    policy = _POLICY.format(ancestors=" ".join(ancestors) or "'none'")
    return {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}
