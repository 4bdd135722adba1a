"""Structured logs without personal data.

Log identifiers, counts, durations, error classes. Message text, names, e-mails, phones, addresses
and tokens are never logged; ``_drop_personal`` and ``_masked`` are the nets under that rule, not
its replacement.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

from foundation.masking import mask

_PERSONAL = frozenset(
    {"text", "email", "phone", "name", "address", "token", "password", "body", "payload", "contact"}
)


def _drop_personal(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key in _PERSONAL & event.keys():
        event[key] = "[removed]"
    return event


def _masked(_logger: Any, _method: str, line: Any) -> str:
    """The finished line: fields, whatever they are called, and the texts of exceptions."""
    return mask(str(line))


def configure_logging(*, level: str = "INFO", json: bool = False) -> None:
    """Send structlog and the standard library's loggers to stderr in one format."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _drop_personal,
    ]
    rendering: list[structlog.typing.Processor] = (
        [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
        if json
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                # The default shows each frame's local variables: messages, addresses, keys.
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *rendering,
                _masked,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # These two log addresses with their query strings, and a line a request.
    for name in ("httpx", "httpcore", "uvicorn.access"):
        logging.getLogger(name).setLevel("WARNING")
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def where(error: BaseException) -> list[str]:
    """The last frames, without the message: a database's may quote what a customer wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
