"""The gateway's way to the assistant, behind a shared token.

Turns, vectors, explanations, forgetting and readiness.
"""

import asyncio
import hmac
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.lock_store import LockError
from rasa.core.tracker_store import TrackerDeserialisationException
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.agents import is_tuned
from bot.components.encoder import EncoderSpec, SentenceEncoder, load_encoder
from bot.components.intent import TransformerIntentClassifier, encoder_spec
from bot.explain.loaded import Explainer, NotExplainable
from bot.problems import Problem
from bot.request_ids import bound_request_id
from bot.tracker_store import SnapshotTrackerStore
from bot.turns import TurnFailed, TurnProcessor, UnknownPayload
from bot.wire import TurnRequest, read_conversation_ids, read_text, read_texts, read_turn

logger = logging.getLogger(__name__)

_TOKEN_HEADER = "X-Kefu-Token"  # noqa: S105 - the name of a header
_SHORTEST_TOKEN = 16

Handler = Callable[[Request], Awaitable[HTTPResponse]]


class KefuInput(InputChannel):
    """Mounted by Rasa at /webhooks/kefu/."""

    def __init__(self, *, token: str, turn_seconds: float = 9.0) -> None:
        """Keeps the settings of credentials.yml.

        Args:
            token: every request must carry it in the header X-Kefu-Token.
            turn_seconds: a turn that takes longer is given up; below the gateway's own limit.

        Raises:
            ValueError: the token is missing or too short to be one.
        """
        if len(token) < _SHORTEST_TOKEN:
            raise ValueError(f"KEFU_INTERNAL_TOKEN must have at least {_SHORTEST_TOKEN} characters")
        self._token = token.encode()
        self._turn_seconds = turn_seconds
        self._processor: tuple[Agent, TurnProcessor] | None = None
        self._explaining = asyncio.Lock()

    @classmethod
    def name(cls) -> str:
        """The path under /webhooks/."""
        return "kefu"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "KefuInput":
        """From credentials.yml: ``token`` and, if given, ``turn_seconds``."""
        if not credentials or not credentials.get("token"):
            cls.raise_missing_credentials_exception()
        return cls(
            token=str(credentials["token"]), turn_seconds=float(credentials.get("turn_seconds", 9))
        )

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The five routes; Rasa's own way to the agent, ``on_new_message``, hides failures."""
        routes = Blueprint("kefu")

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self._answer(request, self._turn)

        @routes.post("/embed")
        async def embed(request: Request) -> HTTPResponse:
            return await self._answer(request, self._embed)

        @routes.post("/explain")
        async def explain(request: Request) -> HTTPResponse:
            return await self._answer(request, self._explain)

        @routes.post("/forget")
        async def forget(request: Request) -> HTTPResponse:
            return await self._answer(request, self._forget)

        @routes.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            return await self._answer(request, self._ready)

        return routes

    async def _answer(self, request: Request, handler: Handler) -> HTTPResponse:
        """Checks the token and turns every error into a problem document."""
        try:
            given = request.headers.get(_TOKEN_HEADER, "")
            if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._token):
                raise Problem(401, "not_authenticated", f"{_TOKEN_HEADER} is missing or wrong")
            return await handler(request)
        except Problem as problem:
            return problem.response()
        except Exception as error:
            # The type and the place; the message could hold what the customer wrote.
            logger.error("%s failed: %s", request.path, _where(error))
            return Problem(500, "internal", "The assistant could not do this").response()

    async def _turn(self, request: Request) -> HTTPResponse:
        asked = read_turn(request.body)
        with bound_request_id(asked.metadata):
            return json(await self._answer_turn(self._ready_processor(request), asked))

    async def _answer_turn(self, processor: TurnProcessor, asked: TurnRequest) -> dict[str, Any]:
        begun = time.perf_counter()
        try:
            answer = await processor.handle_turn(
                turn_id=asked.turn_id,
                conversation_id=asked.conversation_id,
                text=asked.text,
                payload=asked.payload,
                metadata=asked.metadata,
            )
        except TurnFailed as failed:
            logger.warning("Turn given up (%s): %s", failed.code, failed.detail)
            raise Problem(503, failed.code, failed.detail) from failed
        except UnknownPayload as unknown:
            raise Problem(422, "unknown_payload", "payload names no known intent") from unknown
        except LockError as locked:
            raise Problem(503, "busy", "An earlier turn is still running") from locked
        except (sqlite3.Error, OSError, TrackerDeserialisationException) as broken:
            logger.error("The working memory failed: %s", _where(broken))
            raise Problem(503, "memory_failed", "The working memory failed") from broken
        logger.info("Turn answered in %.1f ms", (time.perf_counter() - begun) * 1000)
        return answer

    async def _embed(self, request: Request) -> HTTPResponse:
        texts = read_texts(request.body)
        encoder = self._encoder(self._ready_processor(request))
        # In a thread: 64 long texts take a second, and turns must not wait for them.
        vectors = await asyncio.to_thread(encoder.encode, texts)
        return json({"model": encoder.spec.model, "vectors": vectors.tolist()})

    async def _explain(self, request: Request) -> HTTPResponse:
        text = read_text(request.body)
        try:
            explainer = Explainer.of(self._ready_processor(request))
        except NotExplainable as reason:
            raise Problem(409, "not_explainable", str(reason)) from reason
        # In a thread, and one at a time: a reading for each word takes its time from turns.
        async with self._explaining:
            return json(await asyncio.to_thread(explainer.explain, text))

    async def _forget(self, request: Request) -> HTTPResponse:
        """An erased customer's conversations; their rows are deleted by whoever erases."""
        ids = read_conversation_ids(request.body)
        store = self._ready_processor(request).tracker_store
        if isinstance(store, SnapshotTrackerStore):
            store.forget(ids)
        return json({})

    async def _ready(self, request: Request) -> HTTPResponse:
        processor = self._ready_processor(request)
        return json(
            {
                "model": processor.model_filename,
                "model_id": processor.model_metadata.model_id,
                "encoder": self._encoder(processor).spec.model,
                "tuned": is_tuned(processor),
            }
        )

    def _ready_processor(self, request: Request) -> TurnProcessor:
        agent: Agent | None = getattr(request.app.ctx, "agent", None)
        if agent is None or agent.processor is None:
            raise Problem(503, "not_ready", "The model is not loaded")
        if self._processor is None or self._processor[0].processor is not agent.processor:
            self._processor = (agent, TurnProcessor(agent, seconds=self._turn_seconds))
        return self._processor[1]

    @staticmethod
    def _encoder(processor: TurnProcessor) -> SentenceEncoder:
        """The encoder that the model was trained with, already loaded by its component."""
        spec = EncoderSpec()
        for node in processor.model_metadata.predict_schema.nodes.values():
            if issubclass(node.uses, TransformerIntentClassifier):
                spec = encoder_spec(node.config)
        return load_encoder(spec)


def _where(error: BaseException) -> str:
    """Type and origin of an error, without its message."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    code = trace.tb_frame.f_code
    return f"{type(error).__name__} in {code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
