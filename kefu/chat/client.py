"""The widget's endpoints as a small client: session, messages, and waiting for answers."""

import time
from collections.abc import Iterator
from typing import Any, cast
from uuid import uuid4

import httpx

from foundation.errors import KefuError, Unavailable

_POLL_SECONDS = 0.1

Message = dict[str, Any]


class Refused(KefuError):
    """The gateway refused; the detail is its own."""

    code = "refused"


class ChatClient:
    """One visitor's conversation."""

    def __init__(self, base_url: str, *, site_key: str, identity: str | None = None) -> None:
        self._http = httpx.Client(base_url=f"{base_url}/api/v1/widget", timeout=30)
        self._last_seq = 0
        body = {"site_key": site_key} | ({"identity": identity} if identity else {})
        try:
            session = self._call("POST", "/sessions", json=body)
        except BaseException:
            self._http.close()
            raise
        self.conversation_id: str = session["conversation_id"]
        self._http.headers["Authorization"] = f"Bearer {session['session_token']}"

    def close(self) -> None:
        self._http.close()

    def send(
        self, text: str, *, payload: str | None = None, client_id: str | None = None
    ) -> Message:
        """Send one message; with the same ``client_id`` it may be repeated when unsure."""
        body: dict[str, Any] = {"client_id": client_id or str(uuid4()), "text": text}
        if payload is not None:
            body["payload"] = payload
        return cast(Message, self._call("POST", "/messages", json=body)["message"])

    def new_messages(self) -> list[Message]:
        """What has come since the last call, oldest first, the customer's own included."""
        items = self._call("GET", "/messages", params={"after": self._last_seq})["items"]
        if items:
            self._last_seq = items[-1]["seq"]
        return cast(list[Message], items)

    def history(self) -> list[Message]:
        """The whole conversation, oldest first."""
        return cast(list[Message], self._call("GET", "/messages", params={"after": 0})["items"])

    def answers(self, sent: Message, *, seconds: float, quiet: float = 0.4) -> Iterator[Message]:
        """Messages of others after ``sent``, until none has come for ``quiet`` seconds."""
        deadline = time.monotonic() + seconds
        answered_at: float | None = None
        while time.monotonic() < deadline:
            for message in self.new_messages():
                if message["author"] != "customer" and message["seq"] > sent["seq"]:
                    answered_at = time.monotonic()
                    yield message
            if answered_at is not None and time.monotonic() - answered_at > quiet:
                return
            time.sleep(_POLL_SECONDS)

    def _call(self, method: str, path: str, **arguments: Any) -> Any:
        try:
            answer = self._http.request(method, path, **arguments)
        except httpx.HTTPError as error:
            raise Unavailable(
                f"the gateway at {self._http.base_url.host}:{self._http.base_url.port}"
                f" does not answer ({type(error).__name__}); is `kefu up` running?"
            ) from error
        if answer.is_error:
            raise Refused(_detail(answer))
        return answer.json()


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("detail") or f"status {answer.status_code}")
    except ValueError:
        return f"status {answer.status_code}"
