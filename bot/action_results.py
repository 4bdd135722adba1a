"""The check of what the action server returned, with its schema prepared once.

Rasa reads the schema of an action's result, and checks the schema itself, anew for every result:
11 ms each time, half of what the assistant did in a turn. And it tries each event as each of twenty
kinds, where the event says itself which one it is.
"""

from typing import Any

from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def prepare_result_check() -> None:
    """Give every remote action one prepared validator.

    The class is changed, because forms make remote actions where nobody can hand them one.
    """
    check = ResultCheck(RemoteAction.action_response_format_spec())

    def validate(_action: RemoteAction, result: dict[str, Any]) -> bool:
        check(result)
        return True

    RemoteAction._validate_action_result = validate  # type: ignore[method-assign]


class ResultCheck:
    """Accepts exactly what Rasa's schema accepts."""

    def __init__(self, schema: dict[str, Any]) -> None:
        """Takes the schema apart, by the kinds of events.

        Raises:
            KeyError: the schema is not one of kinds that their events name.
        """
        validator = validator_for(schema)
        event = schema["properties"]["events"]["items"]
        shared = {key: value for key, value in event.items() if key != "oneOf"}
        events = {**schema["properties"]["events"], "items": shared}
        self._whole = validator(
            {**schema, "properties": {**schema["properties"], "events": events}}
        )
        self._kinds = {
            kind["properties"]["event"]["const"]: validator(kind) for kind in event["oneOf"]
        }

    def __call__(self, result: Any) -> None:
        """Check a result.

        Raises:
            ValidationError: the action server returned something else.
        """
        self._whole.validate(result)
        for event in result.get("events", []):
            kind = self._kinds.get(event["event"])
            if kind is None:
                raise ValidationError(f"{event['event'][:64]!r} is no kind of event")
            kind.validate(event)
