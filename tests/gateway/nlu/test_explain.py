"""Why a text is understood so: for staff, and honest when the assistant is away."""

import pytest

from tests.gateway.support.double import AssistantDouble, explained
from tests.gateway.support.running import Gateway

PATH = "/nlu/explain"


def test_agents_and_admins_get_the_explanation(
    sqlite_gateway: Gateway, assistant: AssistantDouble
) -> None:
    for user in (sqlite_gateway.access.agent, sqlite_gateway.access.admin):
        with sqlite_gateway.staff(user) as staff:
            answer = staff.post(PATH, {"text": " where is\r\nmy parcel\x07? "})
        assert answer.status_code == 200, answer.text
        assert answer.json() == explained("where is\nmy parcel?")
    assert set(assistant.tokens) == {"internal-token-of-the-tests"}
    assert assistant.requests == [], "an explanation is no turn"


def test_nobody_else_does(sqlite_gateway: Gateway) -> None:
    path, body = f"/api/v1{PATH}", {"text": "hello"}
    visitor = sqlite_gateway.visitor()
    assert sqlite_gateway.client.post(path, json=body).status_code == 401
    assert sqlite_gateway.client.post(path, json=body, headers=visitor.headers).status_code == 401
    with sqlite_gateway.staff(sqlite_gateway.access.agent) as staff:
        staff.client.headers["X-CSRF-Token"] = "another page's guess"
        assert staff.post(PATH, body).status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": None}, 422),
        ({"text": " \n\t"}, 422),
        ({"text": "\x00\u202e"}, 422),
        ({"text": "x" * 8_001}, 413),
    ],
)
def test_what_cannot_be_explained_is_named(
    sqlite_gateway: Gateway, body: dict[str, object], status: int
) -> None:
    with sqlite_gateway.staff(sqlite_gateway.access.agent) as staff:
        answer = staff.post(PATH, body)
    assert answer.status_code == status
    assert answer.json()["detail"].startswith("text: ")


@pytest.mark.parametrize(
    ("status", "said"), [(503, "not running or still loading"), (500, "could not"), (409, "could")]
)
def test_an_assistant_that_cannot_is_told_apart(
    sqlite_gateway: Gateway, assistant: AssistantDouble, status: int, said: str
) -> None:
    assistant.status = status
    with sqlite_gateway.staff(sqlite_gateway.access.agent) as staff:
        answer = staff.post(PATH, {"text": "hello"})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_an_answer_of_another_shape_is_not_passed_on(
    sqlite_gateway: Gateway, assistant: AssistantDouble
) -> None:
    assistant.explain = lambda text: {**explained(text), "words": [{"text": text}]}
    with sqlite_gateway.staff(sqlite_gateway.access.agent) as staff:
        answer = staff.post(PATH, {"text": "hello"})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


def test_no_assistant_at_all(sqlite_gateway: Gateway, assistant: AssistantDouble) -> None:
    assistant.stop()
    with sqlite_gateway.staff(sqlite_gateway.access.agent) as staff:
        answer = staff.post(PATH, {"text": "hello"})
    assert answer.status_code == 503
    assert "not running" in answer.json()["detail"]
