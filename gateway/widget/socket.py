"""``WS /api/v1/widget/ws``: a visitor's live view of one conversation."""

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from crm_store.conversations.service import ConversationService
from crm_store.models import Author, Message, Visibility
from foundation.errors import NotAllowed, NotAuthenticated
from gateway.parts import Parts, parts_of
from gateway.realtime.frames import (
    RESYNC,
    SESSION_ENDED,
    Frame,
    conversation_topic,
    queue_place,
    sessions_in,
)
from gateway.realtime.hub import Subscription
from gateway.realtime.sockets import (
    BadFrame,
    close_for,
    receive_hello,
    seq_of,
    serve,
)
from gateway.schemas import public_message
from gateway.widget.state import conversation_state

_PAGE = 200
_TYPING_EVERY_SECONDS = 1.0


async def widget_socket(websocket: WebSocket) -> None:
    """Hello with ``last_seq``, then the gap, then what happens."""
    parts = parts_of(websocket)
    await websocket.accept()
    try:
        holder = await run_in_threadpool(_redeem, parts, websocket.query_params.get("ticket", ""))
        await parts.visitors.check_origin(
            holder.site_id,
            origin=websocket.headers.get("origin"),
            host=websocket.headers.get("host"),
        )
    except (NotAuthenticated, NotAllowed) as reason:
        # Closed after the handshake, for a browser does not show why a handshake failed.
        await close_for(websocket, reason)
        return
    conversation_id = holder.conversation_id
    live = _LiveConversation(parts, websocket, holder)
    parts.metrics.socket_opened("widget")
    parts.presence.customer_came(conversation_id)
    try:
        # Listening begins before the gap is read, so nothing falls between the two.
        with (
            parts.live_sessions.looked_after(holder.session_id, conversation_id),
            parts.hub.subscribe(conversation_topic(conversation_id)) as subscription,
        ):
            await live.run(subscription)
    except (BadFrame, WebSocketDisconnect) as reason:
        await close_for(websocket, reason)
    finally:
        parts.presence.customer_left(conversation_id)
        parts.metrics.socket_closed("widget")


@dataclass(frozen=True, slots=True)
class _Holder:
    """Whose ticket it was: all of it from the store, nothing from the client."""

    session_id: UUID
    conversation_id: UUID
    site_id: UUID


class _LiveConversation:
    """One socket; ``_sent`` is the last sequence number that the client has for sure."""

    __slots__ = ("_conversation_id", "_parts", "_sent", "_session_id", "_typed_at", "_websocket")

    def __init__(self, parts: Parts, websocket: WebSocket, holder: _Holder) -> None:
        self._parts = parts
        self._websocket = websocket
        self._conversation_id = holder.conversation_id
        self._session_id = str(holder.session_id)
        self._sent = 0
        self._typed_at = 0.0

    async def run(self, subscription: Subscription) -> None:
        hello = await receive_hello(self._websocket)
        self._sent = seq_of(hello)
        await serve(self._websocket, write=self._write(subscription), on_frame=self._on_frame)

    async def _write(self, subscription: Subscription) -> None:
        await self._parts.hub.joined(conversation_topic(self._conversation_id))
        await self._send_all()
        while True:
            await self._forward(await subscription.next())

    async def _send_all(self) -> None:
        """What was said since, and how the conversation stands."""
        await self._send_gap()
        for frame in await run_in_threadpool(self._read_state):
            await self._send_text(frame)

    async def _forward(self, frame: Frame) -> None:
        """Messages go out in order and once; other frames as they come."""
        if frame is RESYNC:
            await self._send_all()
        elif frame.type == SESSION_ENDED:
            if self._session_id in sessions_in(frame):
                raise NotAuthenticated
        elif frame.type != "message" or frame.seq is None:
            await self._send_text(frame)
        elif frame.seq == self._sent + 1:
            await self._send(frame)
        elif frame.seq > self._sent:
            # Frames may overtake each other, and notes take numbers too: the store knows.
            await self._send_gap()

    async def _send_gap(self) -> None:
        while True:
            messages = await run_in_threadpool(self._read_after, self._sent)
            for message in messages:
                data = public_message(message).model_dump(mode="json")
                frame = Frame("message", self._conversation_id, data, seq=message.seq)
                await self._send(frame)
            if len(messages) < _PAGE:
                return

    async def _send(self, frame: Frame) -> None:
        assert frame.seq is not None
        await self._send_text(frame)
        self._sent = frame.seq

    async def _send_text(self, frame: Frame) -> None:
        await self._websocket.send_text(frame.text)
        self._parts.metrics.frame_sent()

    async def _on_frame(self, frame: dict[str, Any]) -> None:
        now = time.monotonic()
        if frame["type"] == "typing" and now - self._typed_at >= _TYPING_EVERY_SECONDS:
            self._typed_at = now
            self._parts.announcer.typing(
                self._conversation_id, author=Author.CUSTOMER, on=True, to="staff"
            )

    def _read_after(self, seq: int) -> list[Message]:
        with self._parts.database.reading() as session:
            return ConversationService(session).messages(
                self._conversation_id, after=seq, limit=_PAGE, audience=Visibility.PUBLIC
            )

    def _read_state(self) -> list[Frame]:
        with self._parts.database.reading() as session:
            view = conversation_state(session, self._conversation_id)
        state = view.model_dump(mode="json")
        frames = [
            Frame(
                "owner",
                self._conversation_id,
                {**state["owner"], "status": state["status"], "verified": state["verified"]},
            )
        ]
        if state["queue_position"] is not None:
            data = queue_place(state["queue_position"], state["wait_seconds"])
            frames.append(Frame("queue", self._conversation_id, data))
        return frames


def _redeem(parts: Parts, ticket: str) -> _Holder:
    with parts.database.transaction() as session:
        service = ConversationService(session)
        used = service.redeem_ticket(ticket)
        if used.conversation_id is None or used.session_id is None:
            raise NotAuthenticated
        site_id = service.site_of(used.conversation_id)
        return _Holder(used.session_id, used.conversation_id, site_id)
