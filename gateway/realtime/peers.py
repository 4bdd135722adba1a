"""The other gateway processes, as far as they let themselves be heard."""

from collections.abc import Callable
from dataclasses import dataclass, field

BEAT_SECONDS = 2.0
SILENT_SECONDS = 3 * BEAT_SECONDS
"""So long after its last word a process may have lost its way to us, and goes on writing."""
FORGOTTEN_SECONDS = 60.0


@dataclass
class Peer:
    """Another process: when it was last heard, and the topics that somebody listens to there."""

    heard_at: float
    topics: set[str] = field(default_factory=set)


class Peers:
    """Who is there. Times are those of one monotonic clock, in seconds."""

    def __init__(self, *, left: Callable[[str], None]) -> None:
        self._peers: dict[str, Peer] = {}
        self._left = left

    def heard(self, name: str, now: float) -> Peer:
        """A process has said something; the first word makes it known."""
        peer = self._peers.setdefault(name, Peer(now))
        peer.heard_at = now
        return peer

    def gone(self, name: str) -> None:
        """A process has said goodbye, or has been silent for too long."""
        if self._peers.pop(name, None) is not None:
            self._left(name)

    def forget_silent(self, now: float) -> None:
        """Let go of those that will not come back."""
        for name, peer in list(self._peers.items()):
            if now - peer.heard_at > FORGOTTEN_SECONDS:
                self.gone(name)

    def any_silent(self, now: float) -> bool:
        """Whether one may write messages that we are not told of."""
        return any(now - peer.heard_at > SILENT_SECONDS for peer in self._peers.values())

    def listens(self, topic: str) -> bool:
        """Whether one has listeners to a topic of those that are told of."""
        return any(topic in peer.topics for peer in self._peers.values())

    def __bool__(self) -> bool:
        return bool(self._peers)
