"""Calls of the action server over connections that are kept.

Rasa makes a client of its own for each call, and with it a connection.
"""

import aiohttp
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.utils.endpoints import EndpointConfig

_IDLE_SECONDS = 15.0
"""Less than the action server waits before it closes an idle connection."""


class KeptConnections(EndpointConfig):
    """The action server of endpoints.yml; needs a running event loop from its first call on."""

    def __init__(self, endpoint: EndpointConfig) -> None:
        """Takes over an endpoint's settings."""
        vars(self).update(vars(endpoint))
        self._connector: aiohttp.TCPConnector | None = None

    def session(self) -> aiohttp.ClientSession:
        """A client for one call, over connections that outlive it."""
        if self.basic_auth:
            return super().session()
        if self._connector is None:
            self._connector = aiohttp.TCPConnector(keepalive_timeout=_IDLE_SECONDS)
        return aiohttp.ClientSession(
            headers=self.headers,
            connector=self._connector,
            connector_owner=False,
            timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
        )

    async def close(self) -> None:
        """Closes the connections."""
        if self._connector is not None:
            await self._connector.close()
