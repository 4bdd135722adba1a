"""Waiting for the parts: the gateway's ``/readyz`` knows the state of each."""

import time
from collections.abc import Callable

import httpx

from foundation.settings import Settings

_POLL_SECONDS = 0.25


def wait_until_ready(
    settings: Settings, *, on_waiting: Callable[[list[str]], None], stop: Callable[[], bool]
) -> float | None:
    """Poll until every part is ready.

    Returns:
        The seconds that it took; None when ``stop`` said so first.
    """
    begun = time.monotonic()
    last: list[str] | None = None
    with httpx.Client(base_url=f"http://{settings.host}:{settings.port}", timeout=5) as client:
        while not stop():
            waiting = parts_not_ready(client)
            if not waiting:
                return time.monotonic() - begun
            if waiting != last:
                on_waiting(waiting)
                last = waiting
            time.sleep(_POLL_SECONDS)
    return None


def parts_not_ready(client: httpx.Client) -> list[str]:
    """The names of the parts that ``/readyz`` does not call ready; the gateway itself first."""
    try:
        answer = client.get("/readyz")
        parts = answer.json().get("parts", {})
    except (httpx.HTTPError, ValueError):
        return ["gateway"]
    if answer.status_code == httpx.codes.OK:
        return []
    return [name for name, part in parts.items() if part.get("state") != "ready"] or ["gateway"]
