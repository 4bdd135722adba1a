"""What travels over a socket. No frame is the only copy of anything."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from foundation.clock import utc_now

STAFF = "staff"


def conversation_topic(conversation_id: UUID) -> str:
    """The topic of the customer's sockets of one conversation."""
    return f"conversation:{conversation_id}"


@dataclass(frozen=True)
class Frame:
    """``{type, conversation_id, seq?, at, data}``; one text for all sockets that get it."""

    type: str
    conversation_id: UUID | None
    data: dict[str, Any]
    seq: int | None = None
    at: datetime = field(default_factory=utc_now)

    @cached_property
    def text(self) -> str:
        body: dict[str, Any] = {
            "type": self.type,
            "conversation_id": str(self.conversation_id) if self.conversation_id else None,
            "at": self.at.isoformat(),
            "data": self.data,
        }
        if self.seq is not None:
            body["seq"] = self.seq
        return json.dumps(body, separators=(",", ":"), ensure_ascii=False)
