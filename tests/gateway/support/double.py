"""Test double: an HTTP server that answers like the connector, and can be told to misbehave."""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

Reply = dict[str, Any]


def understood(intent: str = "greet", *, valence: float = 0.1) -> dict[str, Any]:
    """A parse as the connector returns it."""
    return {
        "intent": intent,
        "confidence": 0.93,
        "ranking": [{"name": intent, "confidence": 0.93}],
        "entities": [],
        "sentiment": {"label": "neutral", "score": 0.8, "valence": valence},
    }


def reply(
    *texts: str, intent: str = "greet", handoff: Reply | None = None, payload: Any = None
) -> Reply:
    """A whole answer."""
    return {
        "messages": [{"text": text, "payload": payload} for text in texts],
        "nlu": understood(intent),
        "actions": ["utter_" + intent],
        "handoff": handoff,
    }


def echo(turn: dict[str, Any]) -> Reply:
    """The default behaviour: say what was asked."""
    return reply(f"You said: {turn['text']}")


def explained(text: str) -> Reply:
    """An explanation as the connector returns it."""
    return {
        "text": text,
        "intent": {
            "name": "order_status",
            "confidence": 0.81,
            "ranking": [
                {"name": "order_status", "confidence": 0.81},
                {"name": "delivery_delayed", "confidence": 0.1},
            ],
        },
        "scope": {
            "inside": True,
            "nearest": "order_status",
            "similarity": 0.84,
            "score": 0.7,
            "threshold": -1.6,
        },
        "sentiment": {"label": "neutral", "score": 0.9, "valence": -0.05, "frustrated": 0.02},
        "words": [
            {
                "text": text,
                "start": 0,
                "end": len(text),
                "intent": 0.6,
                "sentiment": -0.1,
                "frustrated": 0.0,
            }
        ],
        "nearest": [{"text": "where is my order", "intent": "order_status", "similarity": 0.97}],
    }


class AssistantDouble:
    """Idempotent by ``turn_id`` as the connector is; ``turns`` are those that really ran."""

    def __init__(self) -> None:
        self.behave: Callable[[dict[str, Any]], Reply] = echo
        self.explain: Callable[[str], Reply] = explained
        self.status = 200
        self.delay = 0.0
        self.ready = True
        self.requests: list[dict[str, Any]] = []
        self.tokens: list[str | None] = []
        self._answers: dict[str, Reply] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, turn: dict[str, Any]) -> tuple[int, Reply]:
        """What the server says to a turn."""
        with self._lock:
            self.requests.append(turn)
            status, delay = self.status, self.delay
        time.sleep(delay)
        if status != 200:
            return status, {}
        with self._lock:
            known = self._answers.get(turn["turn_id"])
        if known is None:
            known = self.behave(turn)
            with self._lock:
                self._answers[turn["turn_id"]] = known
        return 200, known

    def explanation(self, asked: dict[str, Any]) -> tuple[int, Reply]:
        """What the server says to a text that is to be explained."""
        return (200, self.explain(asked["text"])) if self.status == 200 else (self.status, {})

    def stop(self) -> None:
        """Be gone; once more does nothing."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> "AssistantDouble":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _handler(double: AssistantDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            double.tokens.append(self.headers["X-Kefu-Token"])
            explains = self.path == "/webhooks/kefu/explain"
            self._send(*(double.explanation(body) if explains else double.answer(body)))

        def do_GET(self) -> None:
            self._send(200 if double.ready else 503, {})

        def _send(self, status: int, body: Any) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: Any) -> None:
            """Keep the tests' output readable."""

    return Handler
