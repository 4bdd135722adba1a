"""Vectors for texts, from the one encoder that runs: the assistant's."""

from collections import OrderedDict
from typing import Any

import httpx
import numpy as np
import structlog
from numpy.typing import NDArray

Vector = NDArray[np.float32]

_log = structlog.get_logger(__name__)
_KEPT = 512


class Embedder:
    """Asks the assistant for a text's vector; None when it does not answer in time.

    Whoever calls falls back to full text then, so a slow encoder never costs an answer.
    """

    def __init__(self, client: httpx.AsyncClient, *, rasa_url: str, token: str) -> None:
        self._client = client
        self._url = f"{rasa_url}/webhooks/kefu/embed"
        self._token = token
        self._known: OrderedDict[str, tuple[str, Vector]] = OrderedDict()

    async def vector(self, text: str) -> tuple[str, Vector] | None:
        """The encoder's name and the unit-length vector of ``text``."""
        text = text.strip()[:1000]
        if not text:
            return None
        if text in self._known:
            self._known.move_to_end(text)
            return self._known[text]
        try:
            response = await self._client.post(
                self._url, json={"texts": [text]}, headers={"X-Kefu-Token": self._token}
            )
            response.raise_for_status()
            found = _read(response.json())
        except (httpx.HTTPError, ValueError, KeyError, TypeError, IndexError) as error:
            _log.warning("no_vector", reason=type(error).__name__)
            return None
        self._known[text] = found
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return found


def new_client() -> httpx.AsyncClient:
    """The HTTP client that an ``Embedder`` needs: two seconds, a few kept connections."""
    return httpx.AsyncClient(timeout=2.0, limits=httpx.Limits(max_keepalive_connections=8))


def _read(answer: dict[str, Any]) -> tuple[str, Vector]:
    vector = np.asarray(answer["vectors"][0], dtype=np.float32)
    if vector.ndim != 1 or not np.isfinite(vector).all():
        raise ValueError("not a vector")
    return str(answer["model"]), vector
