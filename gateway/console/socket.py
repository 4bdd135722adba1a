"""``WS /api/v1/staff/ws``: the inbox and all conversations, live."""

import asyncio
import time
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from crm_store.conversations.service import ConversationService
from crm_store.models import Author, Message, User, Visibility
from crm_store.users.service import UserService
from foundation.errors import NotAllowed, NotAuthenticated
from gateway.auth.staff import LoggedInDep
from gateway.http.origins import is_own_origin
from gateway.parts import Parts, PartsDep, parts_of
from gateway.realtime.frames import RESYNC, STAFF, Frame
from gateway.realtime.hub import Subscription
from gateway.realtime.sockets import (
    GOING_AWAY,
    BadFrame,
    close_for,
    receive_hello,
    seq_of,
    serve,
)
from gateway.schemas import staff_message

router = APIRouter()

_PAGE = 200
_TYPING_EVERY_SECONDS = 1.0
ASK_AGAIN_SECONDS = 15.0


class StaffTicket(BaseModel):
    ticket: str


@router.post("/staff/ws-ticket", tags=["auth"])
def issue_staff_ticket(staff: LoggedInDep, parts: PartsDep) -> StaffTicket:
    """A ticket that opens one socket within 30 s."""
    with parts.database.transaction() as session:
        ticket = ConversationService(session).issue_ticket(user_id=staff.user.id)
    return StaffTicket(ticket=ticket)


async def staff_socket(websocket: WebSocket) -> None:
    """Hello, then queue, message, presence and typing frames of all conversations.

    A hello with ``conversation_id`` and ``last_seq`` first gets what that conversation's open
    view has missed; lists are read again over HTTP.
    """
    parts = parts_of(websocket)
    await websocket.accept()
    try:
        ticket = websocket.query_params.get("ticket", "")
        user = await run_in_threadpool(_redeem, parts, ticket)
        _refuse_other_pages(websocket)
    except (NotAuthenticated, NotAllowed) as reason:
        await close_for(websocket, reason)
        return
    live = _LiveStaff(parts, websocket, user)
    parts.metrics.socket_opened("staff")
    parts.presence.staff_came(user.id, user.name)
    try:
        with parts.hub.subscribe(STAFF) as subscription:
            await parts.hub.joined(STAFF)
            await live.run(subscription)
    except (BadFrame, WebSocketDisconnect) as reason:
        await close_for(websocket, reason)
    finally:
        parts.presence.staff_left(user.id, user.name)
        parts.metrics.socket_closed("staff")


def _refuse_other_pages(websocket: WebSocket) -> None:
    origin = websocket.headers.get("origin")
    if origin is not None and not is_own_origin(origin, websocket.headers.get("host")):
        raise NotAllowed


class _LiveStaff:
    """One socket of a member of staff."""

    def __init__(self, parts: Parts, websocket: WebSocket, user: User) -> None:
        self._parts = parts
        self._websocket = websocket
        self._user = user
        self._typed_at = 0.0

    async def run(self, subscription: Subscription) -> None:
        hello = await receive_hello(self._websocket)
        await self._send(Frame("presence", None, {**self._parts.presence.online(), "online": True}))
        conversation_id = _conversation_of(hello)
        if conversation_id is not None:
            await self._send_gap(conversation_id, seq_of(hello))
        await serve(self._websocket, write=self._write(subscription), on_frame=self._on_frame)

    async def _write(self, subscription: Subscription) -> None:
        asked_at = time.monotonic()
        while True:
            try:
                frame = await asyncio.wait_for(subscription.next(), ASK_AGAIN_SECONDS)
            except TimeoutError:
                frame = None
            if time.monotonic() - asked_at >= ASK_AGAIN_SECONDS:
                # Who was logged out or disabled meanwhile hears no more of the customers.
                await run_in_threadpool(self._require_logged_in)
                asked_at = time.monotonic()
            if frame is RESYNC:
                # A console reads its lists anew when it comes back, which it does by itself.
                await self._websocket.close(GOING_AWAY)
                return
            if frame is not None:
                await self._send(frame)

    async def _send(self, frame: Frame) -> None:
        await self._websocket.send_text(frame.text)
        self._parts.metrics.frame_sent()

    def _require_logged_in(self) -> None:
        with self._parts.database.reading() as session:
            UserService(session).require_logged_in(self._user.id)

    async def _on_frame(self, frame: dict[str, Any]) -> None:
        conversation_id = _conversation_of(frame)
        if frame["type"] != "typing" or conversation_id is None:
            return
        now = time.monotonic()
        if now - self._typed_at >= _TYPING_EVERY_SECONDS:
            self._typed_at = now
            self._parts.announcer.typing(
                conversation_id,
                author=Author.AGENT,
                on=True,
                to="customer",
                name=self._user.name,
            )

    async def _send_gap(self, conversation_id: UUID, after: int) -> None:
        while True:
            messages = await run_in_threadpool(self._read_after, conversation_id, after)
            for message in messages:
                data = staff_message(message).model_dump(mode="json")
                frame = Frame("message", conversation_id, data, seq=message.seq)
                await self._send(frame)
                after = message.seq
            if len(messages) < _PAGE:
                return

    def _read_after(self, conversation_id: UUID, after: int) -> list[Message]:
        with self._parts.database.reading() as session:
            return ConversationService(session).messages(
                conversation_id, after=after, limit=_PAGE, audience=Visibility.NOTE
            )


def _conversation_of(frame: dict[str, Any]) -> UUID | None:
    value = frame.get("conversation_id")
    if value is None:
        return None
    try:
        return UUID(str(value))
    except ValueError:
        raise BadFrame from None


def _redeem(parts: Parts, ticket: str) -> User:
    with parts.database.transaction() as session:
        holder = ConversationService(session).redeem_ticket(ticket)
        if holder.user_id is None:
            raise NotAuthenticated
        return UserService(session).require_logged_in(holder.user_id)
