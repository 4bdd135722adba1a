"""Identities signed by the host page."""

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest

from crm_store.sites.errors import IdentityExpired, IdentityInvalid
from crm_store.sites.identity import (
    HostIdentity,
    SignedIdentity,
    sign_identity,
    verify_identity,
)
from foundation.clock import utc_now
from foundation.ids import new_token

SITE_KEY = "demo-shop"
SECRET = new_token()


def claims(**changes: Any) -> dict[str, Any]:
    now = utc_now()
    values = {
        "sub": "c-1",
        "aud": "demo-shop",
        "iat": now,
        "exp": now + timedelta(minutes=5),
        "jti": "j-1",
        "email": "grete@example.com",
        "name": "Grete",
    } | changes
    return {name: value for name, value in values.items() if value is not ...}


def signed(secret: str = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    return jwt.encode(claims(**changes), secret, algorithm=algorithm)


def verified(token: str, *, secrets: tuple[str, ...] = (SECRET,)) -> SignedIdentity:
    return verify_identity(site_key=SITE_KEY, secrets=secrets, token=token)


def sign() -> str:
    return sign_identity(
        site_key=SITE_KEY,
        secret=SECRET,
        subject="c-1",
        email="grete@example.com",
        name="Grete",
        ttl_seconds=300,
    )


def test_what_is_signed_is_verified() -> None:
    assert verified(sign()).who == HostIdentity("c-1", "grete@example.com", "Grete")


def test_each_one_that_we_sign_is_another() -> None:
    assert verified(sign()).jti != verified(sign()).jti


def test_it_says_until_when_it_would_be_taken() -> None:
    left = verified(sign()).expires_at - utc_now()
    assert timedelta(seconds=300) < left <= timedelta(seconds=310)


def test_email_and_name_may_be_missing() -> None:
    assert verified(signed(email=..., name=...)).who == HostIdentity("c-1", None, None)


def test_any_secret_in_force_verifies() -> None:
    assert verified(signed(), secrets=(new_token(), SECRET)).who.subject == "c-1"


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
        pytest.param(signed(secret=SECRET * 2, algorithm="HS512"), id="another algorithm"),
        pytest.param(signed(aud="other-shop"), id="another audience"),
        pytest.param(signed(aud=["demo-shop", "other"]), id="several audiences"),
        pytest.param(signed(aud=...), id="no audience"),
        pytest.param(signed(sub=...), id="no subject"),
        pytest.param(signed(sub=""), id="empty subject"),
        pytest.param(signed(sub=" padded "), id="padded subject"),
        pytest.param(signed(sub="a\x00b"), id="NUL in the subject"),
        pytest.param(signed(sub="a" * 129), id="long subject"),
        pytest.param(signed(jti=...), id="no jti"),
        pytest.param(signed(jti=""), id="empty jti"),
        pytest.param(signed(jti=7), id="jti is no text"),
        pytest.param(signed(jti="j" * 129), id="long jti"),
        pytest.param(signed(jti="a\x00b"), id="NUL in the jti"),
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
    with pytest.raises(IdentityInvalid):
        verified(token)


def test_one_that_ran_out_is_told_apart_from_a_forged_one() -> None:
    past = {"iat": NOW - timedelta(hours=1), "exp": NOW - timedelta(minutes=1)}
    with pytest.raises(IdentityExpired):
        verified(signed(**past))
    with pytest.raises(IdentityInvalid) as forged:
        verified(signed(secret=new_token(), **past))
    assert not isinstance(forged.value, IdentityExpired)


def test_a_secret_that_is_not_in_force_verifies_nothing() -> None:
    with pytest.raises(IdentityInvalid):
        verified(signed(), secrets=(new_token(),))


def test_the_error_holds_nothing_of_the_token() -> None:
    with pytest.raises(IdentityInvalid) as refused:
        verified(signed(aud="other-shop"))
    assert "grete" not in refused.value.detail
    assert refused.value.__cause__ is None
