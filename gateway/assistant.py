"""The assistant as the gateway sees it: a turn goes in, messages and what they mean come out."""

from typing import Any, Protocol, TypeVar
from uuid import UUID

import httpx
from pydantic import BaseModel, ValidationError

from foundation.settings import Settings
from gateway.explanation import Explanation

Answer = TypeVar("Answer", bound=BaseModel)


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
        limits = httpx.Limits(max_connections=32, max_keepalive_connections=16)
        self._client = httpx.AsyncClient(
            base_url=f"{base_url or settings.rasa_url}/webhooks/kefu",
            headers={"X-Kefu-Token": settings.internal_token.get_secret_value()},
            timeout=httpx.Timeout(settings.turn_timeout_seconds, connect=2.0),
            limits=limits,
            trust_env=False,
        )

    async def turn(self, request: TurnRequest) -> AssistantReply:
        return await self._post("/turn", request.model_dump(mode="json"), AssistantReply)

    async def explain(self, text: str) -> Explanation:
        return await self._post("/explain", {"text": text}, Explanation)

    async def _post(self, path: str, body: dict[str, Any], expected: type[Answer]) -> Answer:
        try:
            response = await self._client.post(path, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.RemoteProtocolError) as error:
            raise AssistantUnreachable(type(error).__name__) from error
        except httpx.HTTPError as error:
            kind = "timeout" if isinstance(error, httpx.TimeoutException) else "connection"
            raise AssistantFailed(type(error).__name__, kind=kind) from error
        if response.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise AssistantUnreachable("HTTP 503")
        if response.status_code != httpx.codes.OK:
            raise AssistantFailed(f"HTTP {response.status_code}", kind="status")
        try:
            return expected.model_validate_json(response.content)
        except ValidationError as error:
            raise AssistantFailed(f"not a {expected.__name__}", kind="not_an_answer") from error

    async def is_ready(self) -> bool:
        try:
            response = await self._client.get("/ready", timeout=2.0)
        except httpx.HTTPError:
            return False
        return response.status_code == httpx.codes.OK

    async def aclose(self) -> None:
        await self._client.aclose()
