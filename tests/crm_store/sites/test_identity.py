"""Identities signed by the host page."""

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest

from crm_store.models import Site
from crm_store.sites.identity import HostIdentity, sign_identity, verify_identity
from foundation.clock import utc_now
from foundation.errors import NotAuthenticated
from foundation.ids import new_token

SITE = Site(site_key="demo-shop", name="Demo", secret=new_token(), origins=[])


def claims(**changes: Any) -> dict[str, Any]:
    now = utc_now()
    values = {
        "sub": "c-1",
        "aud": "demo-shop",
        "iat": now,
        "exp": now + timedelta(minutes=5),
        "email": "grete@example.com",
        "name": "Grete",
    } | changes
    return {name: value for name, value in values.items() if value is not ...}


def signed(secret: str = SITE.secret, algorithm: str = "HS256", **changes: Any) -> str:
    return jwt.encode(claims(**changes), secret, algorithm=algorithm)


def test_what_is_signed_is_verified() -> None:
    token = sign_identity(
        SITE, subject="c-1", email="grete@example.com", name="Grete", ttl_seconds=300
    )
    assert verify_identity(SITE, token) == HostIdentity("c-1", "grete@example.com", "Grete")


def test_email_and_name_may_be_missing() -> None:
    assert verify_identity(SITE, signed(email=..., name=...)) == HostIdentity("c-1", None, None)


def unsigned() -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    now = int(utc_now().timestamp())
    return f"{part({'alg': 'none'})}.{part(claims(iat=now, exp=now + 60))}."


NOW = utc_now()


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(unsigned(), id="alg none"),
        pytest.param(signed(secret=new_token()), id="another secret"),
        pytest.param(signed(secret=SITE.secret * 2, algorithm="HS512"), id="another algorithm"),
        pytest.param(signed(aud="other-shop"), id="another audience"),
        pytest.param(signed(aud=["demo-shop", "other"]), id="several audiences"),
        pytest.param(signed(aud=...), id="no audience"),
        pytest.param(signed(sub=...), id="no subject"),
        pytest.param(signed(sub=""), id="empty subject"),
        pytest.param(signed(sub=" padded "), id="padded subject"),
        pytest.param(signed(sub="a\x00b"), id="NUL in the subject"),
        pytest.param(signed(sub="a" * 129), id="long subject"),
        pytest.param(signed(iat=...), id="no iat"),
        pytest.param(signed(exp=...), id="no exp"),
        pytest.param(
            signed(iat=NOW - timedelta(hours=1), exp=NOW - timedelta(minutes=1)), id="expired"
        ),
        pytest.param(signed(iat=NOW + timedelta(hours=1)), id="issued in the future"),
        pytest.param(signed(exp=NOW + timedelta(hours=2)), id="lives too long"),
        pytest.param(signed(iat=0), id="lives since 1970"),
        pytest.param(signed(exp="soon"), id="exp is no number"),
        pytest.param(signed(exp=float("inf")), id="exp is infinite"),
        pytest.param(signed()[:-4], id="cut"),
        pytest.param("", id="empty"),
        pytest.param("a.b.c", id="nonsense"),
        pytest.param("ü.ü.ü", id="not ASCII"),
    ],
)
def test_anything_else_is_refused(token: str) -> None:
    with pytest.raises(NotAuthenticated):
        verify_identity(SITE, token)


def test_a_rotated_secret_ends_old_identities() -> None:
    token = signed()
    other = Site(site_key="demo-shop", name="Demo", secret=new_token(), origins=[])
    with pytest.raises(NotAuthenticated):
        verify_identity(other, token)


def test_the_error_holds_nothing_of_the_token() -> None:
    with pytest.raises(NotAuthenticated) as refused:
        verify_identity(SITE, signed(aud="other-shop"))
    assert "grete" not in refused.value.detail
    assert refused.value.__cause__ is None
