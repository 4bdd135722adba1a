"""What the action server returns is checked, with a schema that was prepared once."""

import pytest
from jsonschema import Draft202012Validator, ValidationError
from rasa.core.actions.action import RemoteAction

from bot.action_results import prepare_result_check

SLOT = {"event": "slot", "name": "goal", "value": "order_status", "timestamp": None}


@pytest.fixture
def action(monkeypatch):
    monkeypatch.setattr(
        RemoteAction, "_validate_action_result", RemoteAction._validate_action_result
    )
    prepare_result_check()
    return RemoteAction("action_order_status", None)


def test_a_result_passes(action):
    assert action._validate_action_result({"events": [SLOT], "responses": [{"text": "Sent."}]})


@pytest.mark.parametrize(
    "result",
    [
        {"events": [{"name": "no kind"}]},
        {"events": "none"},
        {"events": [], "responses": ["not an object"]},
        [],
    ],
)
def test_something_else_does_not(action, result):
    with pytest.raises(ValidationError):
        action._validate_action_result(result)


def test_the_schema_is_not_prepared_again(action, monkeypatch):
    def prepared_again(*_):
        raise AssertionError

    monkeypatch.setattr(Draft202012Validator, "check_schema", prepared_again)
    assert action._validate_action_result({"events": [SLOT], "responses": []})


@pytest.mark.parametrize(
    "event",
    [
        {"event": "slot", "name": "goal"},
        {"event": "slot", "name": 7, "value": None},
        {"event": "bot", "text": 7},
        {"event": "followup"},
        {"event": "no_such_kind"},
        {"event": "active_loop", "name": None},
        {"event": "slot", "name": "goal", "value": 1, "timestamp": "noon"},
        {"event": "followup", "name": "action_listen"},
    ],
)
def test_it_is_as_strict_as_the_whole_schema(action, event):
    whole = Draft202012Validator(RemoteAction.action_response_format_spec())
    result = {"events": [event], "responses": []}
    if whole.is_valid(result):
        assert action._validate_action_result(result)
    else:
        with pytest.raises(ValidationError):
            action._validate_action_result(result)
