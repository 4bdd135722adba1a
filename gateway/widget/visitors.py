"""Who sends a widget request: the bearer of a session token."""

from typing import Annotated

from fastapi import Depends, Header, Request

from foundation.errors import NotAuthenticated

_SCHEME = "bearer "


async def _session_token(authorization: Annotated[str | None, Header()] = None) -> str:
    if authorization is None or not authorization.lower().startswith(_SCHEME):
        raise NotAuthenticated("Start a session first and send its token as a bearer token.")
    return authorization[len(_SCHEME) :].strip()


def address_of(request: Request) -> str:
    """Where a request comes from, as far as the connection or a trusted proxy tells."""
    return request.client.host if request.client else "unknown"


SessionToken = Annotated[str, Depends(_session_token)]
