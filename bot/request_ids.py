"""The gateway's request id in every log line of a turn.

It travels in the turn's metadata, which Rasa keeps with the message and sends to the action server.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

KEY = "request_id"
_ID = re.compile(r"[0-9a-f]{1,64}")


@contextmanager
def bound_request_id(metadata: dict[str, Any]) -> Iterator[None]:
    """Put the turn's request id, if it is one, into the lines that are logged in the block."""
    request_id = metadata.get(KEY)
    if not isinstance(request_id, str) or not _ID.fullmatch(request_id):
        yield
        return
    with structlog.contextvars.bound_contextvars(**{KEY: request_id}):
        yield


class RequestIdFilter(logging.Filter):
    """For handlers of the standard library's loggers, which know nothing of structlog's context."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Appends the id; lets every record pass."""
        request_id = structlog.contextvars.get_contextvars().get(KEY)
        if request_id is not None and KEY not in record.__dict__:
            record.__dict__[KEY] = request_id
            record.msg = f"{record.getMessage()} {KEY}={request_id}"
            record.args = None
        return True


def log_request_ids() -> None:
    """Let every handler that is there now write the ids."""
    for handler in logging.getLogger().handlers:
        handler.addFilter(RequestIdFilter())
