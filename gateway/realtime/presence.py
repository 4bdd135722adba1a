"""Who is connected: customers and staff, whichever gateway process holds their sockets.

Each process knows its own and is told of the others', so that a second tab elsewhere keeps somebody
online; what changes by that it tells its own consoles. All of it is on the event loop and in
memory: it says who is there now, and nothing else.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from gateway.realtime.announcer import Announcer
from gateway.realtime.hub import Hub

LINGER_SECONDS = 4.0
"""A customer who goes from page to page is not shown to leave and come."""

_Who = tuple[str, str]  # a conversation's id and nothing, or a user's id and name


class Presence:
    """Counts sockets, and announces who comes first and who goes last."""

    def __init__(
        self, *, hub: Hub, announcer: Announcer, linger_seconds: float = LINGER_SECONDS
    ) -> None:
        self._hub = hub
        self._announcer = announcer
        self._linger = linger_seconds
        self._here: Counter[_Who] = Counter()
        self._elsewhere: dict[str, set[_Who]] = {}
        hub.on_told("come", lambda peer, who: self._move(peer, came=[_who(who)]))
        hub.on_told("gone", lambda peer, who: self._move(peer, left=[_who(who)]))
        hub.on_told("here", self._on_here)
        hub.on_peers(came=self._tell_all, left=self._on_left)

    def customer_came(self, conversation_id: UUID) -> None:
        """A socket of the conversation's customer is open."""
        self._came((str(conversation_id), ""))

    def customer_left(self, conversation_id: UUID) -> None:
        """It is closed; the customer is offline when no other one opens soon."""
        who = (str(conversation_id), "")
        if self._here[who] > 1:
            self._here[who] -= 1
        else:
            asyncio.get_running_loop().call_later(self._linger, self._left, who)

    def staff_came(self, user_id: UUID, name: str) -> None:
        """A console of a member of staff is open."""
        self._came((str(user_id), name))

    def staff_left(self, user_id: UUID, name: str) -> None:
        """It is closed."""
        self._left((str(user_id), name))

    def online(self) -> dict[str, Any]:
        """Everybody: ``{users: [{id, name}], conversations: [id]}``."""
        everybody = set(self._here).union(*self._elsewhere.values())
        return {
            "users": [{"id": key, "name": name} for key, name in sorted(everybody) if name],
            "conversations": [key for key, name in everybody if not name],
        }

    def _came(self, who: _Who) -> None:
        was_online = self._is_online(who)
        self._here[who] += 1
        if self._here[who] == 1:
            self._hub.tell("come", who)
        if not was_online:
            self._announce(who, online=True)

    def _left(self, who: _Who) -> None:
        self._here[who] -= 1
        if self._here[who] > 0:
            return
        del self._here[who]
        self._hub.tell("gone", who)
        if not self._is_online(who):
            self._announce(who, online=False)

    def _move(self, peer: str, *, came: Iterable[_Who] = (), left: Iterable[_Who] = ()) -> None:
        """Somebody has come to another process, or left it."""
        there = self._elsewhere.setdefault(peer, set())
        for who in came:
            was_online = self._is_online(who)
            there.add(who)
            if not was_online:
                self._announce(who, online=True)
        for who in left:
            there.discard(who)
            if not self._is_online(who):
                self._announce(who, online=False)

    def _is_online(self, who: _Who) -> bool:
        return who in self._here or any(who in there for there in self._elsewhere.values())

    def _announce(self, who: _Who, *, online: bool) -> None:
        key, name = who
        if name:
            self._announcer.presence(UUID(key), name, online=online)
        else:
            self._announcer.customer_presence(UUID(key), online=online)

    def _tell_all(self) -> None:
        self._hub.tell("here", list(self._here))

    def _on_here(self, peer: str, everybody: Iterable[Any]) -> None:
        now = {_who(who) for who in everybody}
        before = self._elsewhere.get(peer, set())
        self._move(peer, came=now - before, left=before - now)

    def _on_left(self, peer: str) -> None:
        """The process is gone, and with it sockets that nobody will report as closed."""
        self._move(peer, left=list(self._elsewhere.get(peer, ())))
        self._elsewhere.pop(peer, None)


def _who(told: Any) -> _Who:
    key, name = told
    return str(key), str(name)
