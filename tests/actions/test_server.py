"""The webhook: its protocol with Rasa 3.6, its token, its limits, its errors."""

import asyncio
import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
import uvicorn
import yaml
from starlette.applications import Starlette
from structlog.testing import capture_logs

from actions.base import Parts
from actions.registry import ACTIONS, build_executor
from actions.server import MAX_BODY_BYTES, create_app
from tests.actions.conftest import Shop, Talk
from tests.fixtures.absent import absent

ROOT = Path(__file__).resolve().parents[2]
ASSISTANT = ROOT / ".venv-assistant" / "bin" / "python"
TOKEN = "a-token-for-tests"
CONVERSATION = "01910000-0000-7000-8000-000000000000"


@pytest.fixture
def app(parts: Parts) -> Starlette:
    return create_app(build_executor(parts), token=TOKEN)


def _request(app: Starlette, method: str, path: str, **given: Any) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://actions") as client:
            return await client.request(method, path, **given)

    return asyncio.run(send())


def _call(action: str, **tracker: Any) -> dict[str, Any]:
    """An action call, as Rasa 3.6.21 with selective domain sends it."""
    message = {
        "text": "who are you",
        "intent": {"name": "out_of_scope", "confidence": 0.9},
        "entities": [],
        "message_id": "m",
        "metadata": {"turn_id": "t"},
    }
    return {
        "next_action": action,
        "sender_id": CONVERSATION,
        "version": "3.6.21",
        "tracker": {
            "sender_id": CONVERSATION,
            "slots": {},
            "latest_message": message,
            "latest_event_time": 1.0,
            "followup_action": None,
            "paused": False,
            "events": [],
            "latest_input_channel": "kefu",
            "active_loop": {},
            "latest_action": {},
            "latest_action_name": "action_listen",
            **tracker,
        },
    }


def test_registered_are_exactly_the_domains_actions() -> None:
    domain = yaml.safe_load((ROOT / "bot/domain/actions.yml").read_text(encoding="utf-8"))

    assert sorted(kind.name for kind in ACTIONS) == sorted(domain["actions"])


def test_forms_fill_the_slots_that_the_domain_names() -> None:
    forms = yaml.safe_load((ROOT / "bot/domain/forms.yml").read_text(encoding="utf-8"))["forms"]
    slots = yaml.safe_load((ROOT / "bot/domain/slots.yml").read_text(encoding="utf-8"))["slots"]
    ours = {kind.form: set(kind.fields) for kind in ACTIONS if kind.form}  # type: ignore[attr-defined]

    assert ours.keys() == forms.keys()
    for name, fields in ours.items():
        assert fields <= set(forms[name]["required_slots"]) <= set(slots)


@pytest.mark.parametrize("headers", [{}, {"X-Kefu-Token": "wrong"}, {"X-Kefu-Token": ""}])
@pytest.mark.parametrize(("method", "path"), [("POST", "/webhook"), ("GET", "/actions")])
def test_without_the_token_nothing_answers(
    app: Starlette, method: str, path: str, headers: dict[str, str]
) -> None:
    assert _request(app, method, path, headers=headers).status_code == 401


def test_health_is_open(app: Starlette) -> None:
    assert _request(app, "GET", "/health").json() == {"status": "ok"}


def test_an_empty_token_is_refused_at_the_start(parts: Parts) -> None:
    with pytest.raises(ValueError, match="token"):
        create_app(build_executor(parts), token="")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b"null", 400),
        (b'{"next_action": "action_nowhere", "tracker": {"sender_id": "x"}}', 404),
        (b'{"next_action": "action_handoff"}', 500),
        (b'{"next_action": "action_handoff", "tracker": {"sender_id": "not ours"}}', 422),
        (b"x" * (MAX_BODY_BYTES + 1), 413),
    ],
)
def test_bad_requests_get_a_reason_and_no_echo(app: Starlette, body: bytes, status: int) -> None:
    response = _request(app, "POST", "/webhook", content=body, headers={"X-Kefu-Token": TOKEN})

    assert response.status_code == status
    assert set(response.json()) == {"error", "action_name"}
    assert "not ours" not in response.text


def test_eight_customers_are_served_at_once(app: Starlette) -> None:
    async def all_at_once() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://actions") as client:
            calls = [
                client.post(
                    "/webhook",
                    json=_call("action_product_recommend"),
                    headers={"X-Kefu-Token": TOKEN},
                )
                for _ in range(8)
            ]
            return await asyncio.gather(*calls)

    assert {response.status_code for response in asyncio.run(all_at_once())} == {200}


@pytest.fixture
def address(app: Starlette) -> Iterator[str]:
    """The app behind a real socket."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/webhook"
    server.should_exit = True
    thread.join(timeout=10)


def _from_rasa(address: str, token: str, action: str) -> dict[str, Any]:
    if not ASSISTANT.is_file():
        absent("the assistant runtime is not installed; `make setup` installs it")
    done = subprocess.run(
        [str(ASSISTANT), str(Path(__file__).with_name("rasa_side.py")), address, token, action],
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2", "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answer = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(answer, dict)
    return answer


@pytest.mark.slow
def test_rasa_understands_our_answers_with_and_without_its_domain(address: str) -> None:
    answers = _from_rasa(address, TOKEN, "action_out_of_scope")["answers"]

    for answer in answers:
        assert answer["said"] == [
            "Sorry, I can't help with that, or I didn't get it. I know my way around orders, "
            "deliveries, returns, payments and our products."
        ]
        assert answer["data"][0]["buttons"][0] == {
            "title": "Where is my order?",
            "payload": "/order_status",
        }
        assert answer["slots"] == {"sentiment_label": "negative", "sentiment_valence": -0.4}


@pytest.mark.slow
def test_rasa_is_refused_without_the_token(address: str) -> None:
    assert "Failed to execute" in _from_rasa(address, "wrong", "action_out_of_scope")["error"]


def test_a_form_that_was_not_answered_returns_no_event(talk: Any, shop: Shop) -> None:
    # Rasa takes an empty answer of a form as a rejection and lets the rules reply.
    from actions.verification import ValidateVerifyForm

    chat: Talk = talk()
    chat.say("where is my order", "order_status").start(ValidateVerifyForm)

    assert chat.say("hello!", "greet", valence=0.9).run(ValidateVerifyForm).events == []


def test_an_action_is_logged_under_the_customers_request(app: Starlette) -> None:
    call = _call("action_product_recommend")
    call["tracker"]["latest_message"]["metadata"]["request_id"] = "ab12"
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        _request(app, "POST", "/webhook", json=call, headers={"X-Kefu-Token": TOKEN})
    (line,) = [line for line in lines if line["event"] == "action_run"]
    assert line["request_id"] == "ab12"
    assert structlog.contextvars.get_contextvars() == {}
