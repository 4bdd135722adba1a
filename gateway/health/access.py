"""Who may read the metrics: this machine, or who has the token. The public may not."""

import hmac
import ipaddress

from fastapi import Request

from foundation.errors import NotAllowed
from foundation.settings import Settings

_FORWARDING = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_SCHEME = "bearer "


def require_scraper(request: Request, settings: Settings) -> None:
    """Raise NotAllowed unless the caller is on this machine itself or has the token."""
    token = settings.metrics_token.get_secret_value()
    given = request.headers.get("authorization", "")
    if token and given.lower().startswith(_SCHEME):
        if hmac.compare_digest(given[len(_SCHEME) :].strip().encode(), token.encode()):
            return
    elif _is_local(request):
        return
    raise NotAllowed("Metrics are for this machine, or for who has KEFU_METRICS_TOKEN.")


def _is_local(request: Request) -> bool:
    """Whether the caller itself is here, and not a proxy that speaks for somebody else."""
    if any(name in request.headers for name in _FORWARDING):
        return False
    return (
        request.client is not None
        and _is_loopback(request.client.host)
        and _is_loopback(request.url.hostname or "")
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
