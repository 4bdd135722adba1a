"""What the system itself says in a conversation: a kind with its facts, which clients word."""

from enum import StrEnum
from typing import Any


class LineKind(StrEnum):
    """``event`` in the payload of a message that the system has written.

    Stable: widgets and programs rely on the names. The text beside them is the same in English.
    """

    HANDED_OFF = "handed_off"  # position
    RELEASED = "released"  # position: back in line; without it: back with the assistant
    CLAIMED = "claimed"  # name
    ASSIGNED = "assigned"  # name
    REOPENED = "reopened"  # name
    RESOLVED = "resolved"  # reason, where it is "inactive"
    OFFLINE_MESSAGE = "offline_message"  # ticket_number
    CANNOT_ANSWER = "cannot_answer"


INACTIVE = "inactive"
"""Why a conversation was closed in which nothing was said for long."""


def line_payload(kind: LineKind, **facts: str | int) -> dict[str, Any]:
    """The payload of a line: its kind, and what words for it need."""
    return {"event": kind.value, **facts}
