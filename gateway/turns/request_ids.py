"""Under which request a turn came, for the log."""

from uuid import UUID

import structlog

_MOST = 10_000


class RequestIds:
    """Remembers the request that each message came with, in this process and for a while.

    A turn that another process takes, or this one after a restart, goes by its message's id.
    """

    def __init__(self) -> None:
        self._ids: dict[UUID, str] = {}

    def remember(self, message_id: UUID) -> None:
        """The message came with the request that is being answered; callable from any thread."""
        request_id = structlog.contextvars.get_contextvars().get("request_id")
        if request_id is None:
            return
        if len(self._ids) >= _MOST:
            self._ids.pop(next(iter(self._ids)), None)
        self._ids[message_id] = str(request_id)

    def of(self, message_id: UUID) -> str:
        return self._ids.get(message_id, message_id.hex)
