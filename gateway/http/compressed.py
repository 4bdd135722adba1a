"""Compression for the built pages and scripts, and for nothing else.

An answer of the API may hold a secret beside what a stranger has sent, and its compressed length
would tell how alike the two are (BREACH).
"""

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_BUILT = ("/widget/", "/console")
_LEVEL = 6
_SMALLEST_BYTES = 1_024


class Compressed:
    """Sends what was built gzipped to who takes it so; a part of a file goes as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._gzip = GZipMiddleware(app, minimum_size=_SMALLEST_BYTES, compresslevel=_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        built = scope["type"] == "http" and scope["path"].startswith(_BUILT)
        if built and "range" not in Headers(scope=scope):
            await self._gzip(scope, receive, send)
        else:
            await self._app(scope, receive, send)
