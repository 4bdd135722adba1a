"""What travels over a socket. No frame is the only copy of anything."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from foundation.clock import utc_now

STAFF = "staff"
SESSION_ENDED = "session_ended"
"""Between gateways alone: sockets of the sessions named are closed, and no client is told."""


def conversation_topic(conversation_id: UUID) -> str:
    """The topic of the customer's sockets of one conversation."""
    return f"conversation:{conversation_id}"


def queue_place(position: int, wait_seconds: int | None) -> dict[str, Any]:
    """What a ``queue`` frame tells the customer."""
    return {"position": position, "queue_position": position, "wait_seconds": wait_seconds}


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

    def to_wire(self) -> str:
        """For another gateway process: what it has to know of the frame, then the text as it is."""
        return f"{self.type} {'' if self.seq is None else self.seq}\n{self.text}"

    @classmethod
    def from_wire(cls, line: str) -> "Frame":
        """A frame of another process. Its text is sent on as it came; a message is not read."""
        head, _, text = line.partition("\n")
        kind, _, seq = head.partition(" ")
        data = {} if kind == "message" else json.loads(text)["data"]
        frame = cls(kind, None, data, seq=int(seq) if seq else None)
        frame.__dict__["text"] = text  # where cached_property keeps it
        return frame


RESYNC = Frame("resync", None, {})
"""Not sent: tells a socket that frames may be missing, so that it reads its gap from the store."""


def sessions_in(frame: Frame) -> frozenset[str]:
    """The sessions that a ``session_ended`` frame names, from whichever process it came."""
    return frozenset(json.loads(frame.text)["data"]["sessions"])
