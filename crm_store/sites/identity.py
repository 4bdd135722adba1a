"""Identities that a host page signs for its logged-in customers (JWT, HS256)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from crm_store.sites.errors import IdentityExpired, IdentityInvalid
from crm_store.texts import storable
from foundation.clock import utc_now
from foundation.ids import new_token

MAX_TTL_SECONDS = 3600
CLOCK_SKEW_SECONDS = 10
_ALGORITHM = "HS256"
_CLAIMS = ["sub", "aud", "iat", "exp", "jti"]
_MAX_SUBJECT = 128
_MAX_JTI = 128
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


@dataclass(frozen=True, slots=True)
class SignedIdentity:
    """A token whose signature holds.

    Attributes:
        who: what it says.
        jti: its own identifier, unique at the site.
        expires_at: when it would be refused by itself.
    """

    who: HostIdentity
    jti: str
    expires_at: datetime


def sign_identity(
    *,
    site_key: str,
    secret: str,
    subject: str,
    email: str | None,
    name: str | None,
    ttl_seconds: int,
) -> str:
    """What a host page's server does for a logged-in customer."""
    now = utc_now()
    claims = {
        "sub": subject,
        "aud": site_key,
        "email": email,
        "name": name,
        "iat": now,
        "exp": now + timedelta(seconds=ttl_seconds),
        "jti": new_token(),
    }
    return jwt.encode(claims, secret, algorithm=_ALGORITHM)


def verify_identity(*, site_key: str, secrets: Sequence[str], token: str) -> SignedIdentity:
    """The identity in a token that this site signed for itself with one of its secrets.

    Raises:
        IdentityExpired: it was acceptable until it ran out.
        IdentityInvalid: the signature, algorithm, audience, times or contents are not acceptable.
    """
    claims = _claims(site_key, secrets, token)
    try:
        too_long = int(claims["exp"]) - int(claims["iat"]) > MAX_TTL_SECONDS
        expires_at = datetime.fromtimestamp(int(claims["exp"]) + CLOCK_SKEW_SECONDS, UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        raise IdentityInvalid from None
    if too_long:
        raise IdentityInvalid(f"the signed identity lives longer than {MAX_TTL_SECONDS} seconds")
    subject, jti = _text(claims["sub"], _MAX_SUBJECT), _text(claims["jti"], _MAX_JTI)
    if subject is None or subject != claims["sub"]:
        raise IdentityInvalid("the signed identity names no usable subject (sub)")
    if jti is None or jti != claims["jti"]:
        raise IdentityInvalid("the signed identity has no usable identifier of its own (jti)")
    who = HostIdentity(
        subject,
        _text(claims.get("email"), _MAX_EMAIL),
        _text(claims.get("name"), _MAX_NAME),
        phone=_text(claims.get("phone_number"), _MAX_PHONE),
        email_verified=claims.get("email_verified") is True,
        phone_verified=claims.get("phone_number_verified") is True,
    )
    return SignedIdentity(who, jti, expires_at)


def _claims(site_key: str, secrets: Sequence[str], token: str) -> dict[str, Any]:
    """The claims under the first secret that fits; PyJWT compares in constant time."""
    for secret in secrets:
        try:
            return jwt.decode(
                token,
                secret,
                algorithms=[_ALGORITHM],
                audience=site_key,
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": _CLAIMS, "strict_aud": True},
            )
        except jwt.InvalidSignatureError:
            continue
        except jwt.ExpiredSignatureError:
            raise IdentityExpired from None
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
            break
    raise IdentityInvalid


def _text(value: Any, limit: int) -> str | None:
    if not isinstance(value, str):
        return None
    return storable(value).strip()[:limit] or None
