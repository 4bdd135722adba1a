"""Who sends a widget request: the bearer of a session token."""

from typing import Annotated

from fastapi import Depends, Header, Request

from foundation.errors import NotAuthenticated
from gateway.http.addresses import address_of
from gateway.parts import PartsDep

__all__ = ["SessionToken", "address_of"]

_SCHEME = "bearer "
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def _session_token(
    request: Request,
    parts: PartsDep,
    authorization: Annotated[str | None, Header()] = None,
) -> str:
    if authorization is None or not authorization.lower().startswith(_SCHEME):
        raise NotAuthenticated("Start a session first and send its token as a bearer token.")
    token = authorization[len(_SCHEME) :].strip()
    origin, host = request.headers.get("origin"), request.headers.get("host")
    visitor = await parts.visitors.admit(token, origin=origin, host=host)
    if request.method not in _SAFE_METHODS:
        await parts.visitors.count(visitor, address=address_of(request))
    return token


SessionToken = Annotated[str, Depends(_session_token)]
"""The token of a session that the caller may use from where they are."""
