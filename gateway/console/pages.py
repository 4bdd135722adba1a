"""The built web parts: the console at ``/console``, the widget's script at ``/widget/…``."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, PlainTextResponse, Response

from foundation.errors import NotFound
from gateway.http.security_headers import CONSOLE_POLICY

WEB = Path(__file__).resolve().parents[2] / "web"
_YEAR = "public, max-age=31536000, immutable"
_NOT_BUILT = (
    "The {part} has not been built yet.\n\n"
    "Run `make run`, which builds what is missing, or `npm run build` in the folder web/.\n"
)


def static_pages(web: Path = WEB) -> APIRouter:
    """Routes for what ``npm run build`` left in ``web/*/dist``."""
    router = APIRouter(include_in_schema=False)
    console = web / "console" / "dist"
    widget = web / "widget" / "dist"

    @router.get("/widget/{name}")
    async def widget_file(name: str) -> Response:
        path = _inside(widget, name)
        if path is None:
            if not widget.is_dir():
                return _not_built("widget")
            raise NotFound
        return FileResponse(
            path,
            headers={
                # Host pages embed this from other origins, always in its newest version.
                "Cache-Control": "public, max-age=0, must-revalidate",
                "Cross-Origin-Resource-Policy": "cross-origin",
            },
        )

    @router.get("/console")
    @router.get("/console/{path:path}")
    async def console_file(path: str = "") -> Response:
        index = console / "index.html"
        if not index.is_file():
            return _not_built("console")
        file = _inside(console, path) if path else None
        if file is not None and file != index:
            is_hashed = path.startswith("assets/")
            return FileResponse(file, headers={"Cache-Control": _YEAR if is_hashed else "no-cache"})
        if path.startswith("assets/"):
            raise NotFound
        # Any other address is a view of the single page.
        return FileResponse(
            index, headers={"Cache-Control": "no-cache", "Content-Security-Policy": CONSOLE_POLICY}
        )

    return router


def _inside(folder: Path, name: str) -> Path | None:
    """The file of that name in the folder, and never one outside of it."""
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder.resolve()) and path.is_file() else None
    except (OSError, ValueError):
        return None  # no file can have that name: too long, or with a NUL in it


def _not_built(part: str) -> Response:
    return PlainTextResponse(_NOT_BUILT.format(part=part), status_code=503)
