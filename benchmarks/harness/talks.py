"""Customers as the benchmarks play them: one on our widget endpoints, one on Rasa's REST channel.

Both use the same light client (one kept-alive connection, no pool), because it takes its share of
the same two cores.
"""

import http.client
import json
import time
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

from websockets.sync.client import connect

from benchmarks.harness.figures import BenchmarkFailed

ANSWER_SECONDS = 30.0
_POLL_SECONDS = 0.025
_IDLE_SECONDS = 2.0
"""Servers close idle connections, uvicorn after 5 s; ours is opened anew before that."""

Channel = Literal["socket", "poll"]


class Talk(Protocol):
    """One customer's conversation."""

    def ask(self, text: str) -> str:
        """Send a message and return everything that was answered."""
        ...

    def close(self) -> None:
        """Let go of the connections."""
        ...


class JsonClient:
    """JSON requests over one kept-alive connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=ANSWER_SECONDS
        )
        self._used_at = 0.0
        self.headers: dict[str, str] = {}

    def call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        expect_errors: bool = False,
    ) -> Any:
        """The answer's JSON; with ``expect_errors`` that of an error, too.

        Raises:
            OSError: nobody answers.
            BenchmarkFailed: the answer is an error.
        """
        if time.monotonic() - self._used_at > _IDLE_SECONDS:
            self._connection.close()
        data = json.dumps(body).encode() if body is not None else None
        headers = {**self.headers, "Content-Type": "application/json"} if data else self.headers
        try:
            self._connection.request(method, path, data, headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except http.client.HTTPException as error:
            self._connection.close()
            raise OSError(f"{type(error).__name__} at {path}") from error
        except OSError:
            self._connection.close()
            raise
        self._used_at = time.monotonic()
        if answer.status >= 400 and not expect_errors:
            raise BenchmarkFailed(f"{method} {path}: status {answer.status}")
        return json.loads(content)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class WidgetTalk:
    """A visitor on the gateway's widget endpoints.

    An answer counts when it can be read: over the socket, whose frames are sent after the commit,
    as the widget does; or by asking ``GET /messages`` again and again, as a client without one.
    """

    def __init__(
        self, url: str, *, site_key: str, identity: str | None, channel: Channel = "socket"
    ) -> None:
        self._http = JsonClient(url)
        asked = {"site_key": site_key} | ({"identity": identity} if identity else {})
        session = self._http.call("POST", "/api/v1/widget/sessions", asked)
        self.conversation_id: str = session["conversation_id"]
        self.verified: bool = session["verified"]
        self._http.headers["Authorization"] = f"Bearer {session['session_token']}"
        self._socket = None
        if channel == "socket":
            ticket = self._http.call("POST", "/api/v1/widget/ws-ticket")["ticket"]
            address = url.replace("http://", "ws://", 1)
            self._socket = connect(
                f"{address}/api/v1/widget/ws?ticket={ticket}", compression=None, max_queue=None
            )
            self._socket.send(json.dumps({"type": "hello", "last_seq": 0}))

    def ask(self, text: str) -> str:
        posted = self._http.call(
            "POST", "/api/v1/widget/messages", {"client_id": uuid4().hex, "text": text}
        )["message"]
        deadline = time.monotonic() + ANSWER_SECONDS
        if self._socket is not None:
            return self._from_socket(posted["seq"], deadline)
        return self._from_history(posted["seq"], deadline)

    def has_past(self) -> bool:
        """Whether it goes on with a conversation that was open."""
        return bool(self._http.call("GET", "/api/v1/widget/messages")["items"])

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._http.close()

    def _from_socket(self, asked_at: int, deadline: float) -> str:
        assert self._socket is not None
        while True:
            try:
                frame = json.loads(self._socket.recv(timeout=max(0.0, deadline - time.monotonic())))
            except TimeoutError:
                raise BenchmarkFailed("no answer came over the socket") from None
            if frame["type"] == "message" and _answers(frame["data"], asked_at):
                return _readable(frame["data"])

    def _from_history(self, asked_at: int, deadline: float) -> str:
        path = f"/api/v1/widget/messages?after={asked_at}"
        while time.monotonic() < deadline:
            items = self._http.call("GET", path)["items"]
            answers = [_readable(item) for item in items if _answers(item, asked_at)]
            if answers:
                return "\n".join(answers)
            time.sleep(_POLL_SECONDS)
        raise BenchmarkFailed("no answer came into the history")


class RestTalk:
    """A sender on Rasa's REST channel, whose response is the answer."""

    def __init__(self, port: int) -> None:
        self._http = JsonClient(f"http://127.0.0.1:{port}")
        self._sender = uuid4().hex

    def ask(self, text: str) -> str:
        said = self._http.call(
            "POST", "/webhooks/rest/webhook", {"sender": self._sender, "message": text}
        )
        answer = "\n".join(message.get("text") or "" for message in said)
        if not answer:
            raise BenchmarkFailed(f"the peer did not answer {text!r}")
        return answer

    def close(self) -> None:
        self._http.close()


def _answers(message: dict[str, Any], asked_at: int) -> bool:
    """A customer here asks one thing at a time, so what comes after it answers it."""
    return bool(message["author"] != "customer" and message["seq"] > asked_at)


def _readable(message: dict[str, Any]) -> str:
    return f"{message['text']} {json.dumps(message['payload'])}"
