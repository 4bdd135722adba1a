"""Identities that a host page signs for its logged-in customers (JWT, HS256)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt

from crm_store.models import Site
from crm_store.texts import storable
from foundation.clock import utc_now
from foundation.errors import NotAuthenticated

MAX_TTL_SECONDS = 3600
_ALGORITHM = "HS256"
_CLOCK_SKEW_SECONDS = 10
_MAX_SUBJECT = 128
_MAX_EMAIL = 254
_MAX_NAME = 200
_MAX_PHONE = 32


@dataclass(frozen=True, slots=True)
class HostIdentity:
    """Who the host page says is there; ``subject`` is the host's own id of the customer.

    The host vouches for a contact when it signs ``email_verified`` or ``phone_number_verified``
    with it (OpenID Connect's claims): the customer has proved to read mail or answer there.
    """

    subject: str
    email: str | None
    name: str | None
    phone: str | None = None
    email_verified: bool = False
    phone_verified: bool = False


def sign_identity(
    site: Site, *, subject: str, email: str | None, name: str | None, ttl_seconds: int
) -> str:
    """What a host page's server does for a logged-in customer."""
    now = utc_now()
    claims = {
        "sub": subject,
        "aud": site.site_key,
        "email": email,
        "name": name,
        "iat": now,
        "exp": now + timedelta(seconds=ttl_seconds),
    }
    return jwt.encode(claims, site.secret, algorithm=_ALGORITHM)


def verify_identity(site: Site, token: str) -> HostIdentity:
    """The identity in a token that this site signed for itself.

    Raises:
        NotAuthenticated: the signature, algorithm, audience, times or contents are not acceptable.
    """
    try:
        claims = jwt.decode(
            token,
            site.secret,
            algorithms=[_ALGORITHM],
            audience=site.site_key,
            leeway=_CLOCK_SKEW_SECONDS,
            options={"require": ["sub", "aud", "iat", "exp"], "strict_aud": True},
        )
        too_long = int(claims["exp"]) - int(claims["iat"]) > MAX_TTL_SECONDS
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
        raise NotAuthenticated("the signed identity is not valid or has expired") from None
    if too_long:
        raise NotAuthenticated(f"the signed identity lives longer than {MAX_TTL_SECONDS} seconds")
    subject = _text(claims["sub"], _MAX_SUBJECT)
    if subject is None or subject != claims["sub"]:
        raise NotAuthenticated("the signed identity names no usable subject")
    return HostIdentity(
        subject,
        _text(claims.get("email"), _MAX_EMAIL),
        _text(claims.get("name"), _MAX_NAME),
        phone=_text(claims.get("phone_number"), _MAX_PHONE),
        email_verified=claims.get("email_verified") is True,
        phone_verified=claims.get("phone_number_verified") is True,
    )


def _text(value: Any, limit: int) -> str | None:
    if not isinstance(value, str):
        return None
    return storable(value).strip()[:limit] or None
