"""Who browses the demo shop: a signed cookie names the demo customer that was chosen."""

from datetime import timedelta
from uuid import UUID

import jwt

from foundation.clock import utc_now
from foundation.settings import Settings

COOKIE = "shop_customer"
HOURS = 24
_AUDIENCE = "demo-shop-visitor"
_ALGORITHM = "HS256"


class VisitorCookie:
    """Signs with the newest secret key, accepts any that is still in force."""

    def __init__(self, settings: Settings) -> None:
        keys = settings.secret_keys.get_secret_value().split(",")
        self._keys = [key.strip() for key in keys if key.strip()]

    def sign(self, customer_id: UUID) -> str:
        claims = {
            "sub": str(customer_id),
            "aud": _AUDIENCE,
            "exp": utc_now() + timedelta(hours=HOURS),
        }
        return jwt.encode(claims, self._keys[0], algorithm=_ALGORITHM)

    def read(self, value: str | None) -> UUID | None:
        """The customer that the cookie names; None when it is absent, altered or too old."""
        for key in self._keys if value else ():
            try:
                claims = jwt.decode(
                    value or "",
                    key,
                    algorithms=[_ALGORITHM],
                    audience=_AUDIENCE,
                    options={"require": ["sub", "exp"]},
                )
                return UUID(claims["sub"])
            except (jwt.PyJWTError, ValueError):
                continue
        return None
