"""The assistant as the gateway sees it: a turn goes in, messages and what they mean come out."""

from http import HTTPStatus
from typing import Any, Protocol, TypeVar
from uuid import UUID

import aiohttp
from pydantic import BaseModel, ValidationError

from foundation.settings import Settings
from gateway.explanation import Explanation

Answer = TypeVar("Answer", bound=BaseModel)

_CONNECT_SECONDS = 2.0
_READY_TIMEOUT = aiohttp.ClientTimeout(total=2.0)
_IDLE_SECONDS = 4.0
"""Less than the assistant's server waits before it closes an idle connection."""


class AssistantUnreachable(Exception):
    """It is down or still loading; the same turn may well work in a moment."""


class AssistantFailed(Exception):
    """It answered with an error, too late, or with something that is no answer.

    Attributes:
        kind: ``timeout``, ``connection``, ``status`` or ``not_an_answer``.
    """

    def __init__(self, detail: str, *, kind: str) -> None:
        super().__init__(detail)
        self.kind = kind


class ReplyMessage(BaseModel):
    text: str = ""
    payload: dict[str, Any] | None = None


class HandoffRequest(BaseModel):
    reason: str
    brief: dict[str, Any] | None = None


class AssistantReply(BaseModel):
    """What the connector returns for a turn."""

    messages: list[ReplyMessage]
    nlu: dict[str, Any]
    actions: list[str]
    handoff: HandoffRequest | None = None


class TurnRequest(BaseModel):
    """What the connector takes; ``turn_id`` makes it idempotent."""

    turn_id: UUID
    conversation_id: UUID
    text: str
    payload: str | None = None
    metadata: dict[str, Any]


class Assistant(Protocol):
    """Anything that can answer a turn."""

    async def turn(self, request: TurnRequest) -> AssistantReply:
        """Answer a turn.

        Raises:
            AssistantUnreachable: try again soon.
            AssistantFailed: this try failed.
        """
        ...

    async def explain(self, text: str) -> Explanation:
        """Say why a text is understood as it is.

        Raises:
            AssistantUnreachable: try again soon.
            AssistantFailed: this try failed.
        """
        ...

    async def is_ready(self) -> bool:
        """Whether turns would be answered now."""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""


class HttpAssistant:
    """The Rasa server behind our connector."""

    def __init__(self, settings: Settings, *, base_url: str | None = None) -> None:
        self._url = f"{base_url or settings.rasa_url}/webhooks/kefu"
        self._token = settings.internal_token.get_secret_value()
        self._timeout = aiohttp.ClientTimeout(
            total=settings.turn_timeout_seconds, connect=_CONNECT_SECONDS
        )
        self._session: aiohttp.ClientSession | None = None

    async def turn(self, request: TurnRequest) -> AssistantReply:
        return await self._post("/turn", request.model_dump(mode="json"), AssistantReply)

    async def explain(self, text: str) -> Explanation:
        return await self._post("/explain", {"text": text}, Explanation)

    async def _post(self, path: str, body: dict[str, Any], expected: type[Answer]) -> Answer:
        try:
            async with self._open().post(self._url + path, json=body) as response:
                status, content = response.status, await response.read()
        except (
            aiohttp.ClientConnectorError,
            aiohttp.ConnectionTimeoutError,
            aiohttp.ServerDisconnectedError,
        ) as error:
            raise AssistantUnreachable(type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            kind = "timeout" if isinstance(error, TimeoutError) else "connection"
            raise AssistantFailed(type(error).__name__, kind=kind) from error
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            raise AssistantUnreachable("HTTP 503")
        if status != HTTPStatus.OK:
            raise AssistantFailed(f"HTTP {status}", kind="status")
        try:
            return expected.model_validate_json(content)
        except ValidationError as error:
            raise AssistantFailed(f"not a {expected.__name__}", kind="not_an_answer") from error

    async def is_ready(self) -> bool:
        try:
            async with self._open().get(f"{self._url}/ready", timeout=_READY_TIMEOUT) as response:
                return response.status == HTTPStatus.OK
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        """The client; made on the event loop that it will live on."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers={"X-Kefu-Token": self._token},
                timeout=self._timeout,
                connector=aiohttp.TCPConnector(limit=32, keepalive_timeout=_IDLE_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session
