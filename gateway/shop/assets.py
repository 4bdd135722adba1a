"""Pictures and style sheets of the demo shop."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, Response

from foundation.errors import NotFound
from gateway.console.pages import WEB
from gateway.shop.art.pictures import product_picture
from gateway.shop.rendering import FOLDER

_DAY = "public, max-age=86400"
_STATIC = {
    "shop.css": FOLDER / "static" / "shop.css",
    "shop.js": FOLDER / "static" / "shop.js",
    "hero.svg": FOLDER / "static" / "hero.svg",
    "mark.svg": FOLDER / "static" / "mark.svg",
    "tokens.css": WEB / "tokens" / "tokens.css",
}


def assets() -> APIRouter:
    """Routes of what the pages refer to."""
    router = APIRouter()

    @router.get("/shop/pictures/{category}/{name}.svg")
    async def picture(
        category: str, name: str, colour: Annotated[str, Query(max_length=40)] = ""
    ) -> Response:
        svg = product_picture(category=category, slug=name[:120], colour=colour)
        return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": _DAY})

    @router.get("/shop/static/{name}")
    async def static(name: str) -> FileResponse:
        path = _STATIC.get(name)
        if path is None or not path.is_file():
            raise NotFound
        return FileResponse(path, headers={"Cache-Control": "no-cache"})

    return router
