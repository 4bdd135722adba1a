"""Tells the open sockets what has been committed. Called after the commit, never before."""

from collections.abc import Collection, Sequence
from typing import Any, Literal
from uuid import UUID

from crm_store.asking import AsSystem
from crm_store.conversations.service import ConversationService, ConversationSort
from crm_store.conversations.waiting import WaitEstimate
from crm_store.database import Database
from crm_store.models import Author, Message, Owner, Visibility
from crm_store.tickets.service import TicketService
from gateway.conversations.present import conversation_view
from gateway.realtime.frames import SESSION_ENDED, STAFF, Frame, conversation_topic, queue_place
from gateway.realtime.hub import Hub
from gateway.schemas import public_message, staff_message
from gateway.tickets.present import ticket_view

_ASKER = AsSystem("tell open sockets")
_MAX_TOLD = 100


class Announcer:
    """Builds frames and publishes them; reads the store only when somebody listens."""

    def __init__(self, *, hub: Hub, database: Database) -> None:
        self._hub = hub
        self._database = database

    def messages(self, messages: Sequence[Message]) -> None:
        """Messages were written, or learnt more about (staff see what was understood)."""
        for message in messages:
            if message.visibility is Visibility.PUBLIC:
                self._hub.publish(
                    conversation_topic(message.conversation_id),
                    Frame(
                        "message",
                        message.conversation_id,
                        public_message(message).model_dump(mode="json"),
                        seq=message.seq,
                    ),
                )
            if self._hub.has_listeners(STAFF):
                self._hub.publish(
                    STAFF,
                    Frame(
                        "message",
                        message.conversation_id,
                        staff_message(message).model_dump(mode="json"),
                        seq=message.seq,
                    ),
                )

    def typing(
        self,
        conversation_id: UUID,
        *,
        author: Author,
        on: bool,
        to: Literal["customer", "staff"],
        name: str | None = None,
    ) -> None:
        """Somebody has begun or ceased to type."""
        topic = STAFF if to == "staff" else conversation_topic(conversation_id)
        data: dict[str, Any] = {"author": author.value, "on": on, "name": name}
        self._hub.publish(topic, Frame("typing", conversation_id, data))

    def turn_done(
        self,
        conversation_id: UUID,
        *,
        replies: Sequence[Message],
        question_seq: int,
        owner_changed: bool,
        was_verified: bool,
    ) -> None:
        """The bot has answered, or has said that it cannot; a turn may verify the customer."""
        if owner_changed:
            # The handoff wrote lines of its own: read all since the question.
            replies = self._since(conversation_id, question_seq)
        self.typing(conversation_id, author=Author.BOT, on=False, to="customer")
        self.messages(replies)
        if self._hub.has_listeners(STAFF):
            self.messages_to_staff(self._since(conversation_id, question_seq - 1)[:1])
        self.conversation_changed(
            conversation_id, owner_changed=owner_changed, was_verified=was_verified
        )

    def messages_to_staff(self, messages: Sequence[Message]) -> None:
        """Staff learn more about messages that everybody has already seen."""
        for message in messages:
            data = staff_message(message).model_dump(mode="json")
            self._hub.publish(
                STAFF, Frame("message", message.conversation_id, data, seq=message.seq)
            )

    def conversation_changed(
        self, conversation_id: UUID, *, owner_changed: bool, was_verified: bool = True
    ) -> None:
        """A row of the inbox has changed; the customer is told who speaks, and who they are."""
        staff_listens = self._hub.has_listeners(STAFF)
        if not staff_listens and not owner_changed and was_verified:
            return
        with self._database.reading() as session:
            row = ConversationService(session).row(conversation_id, asker=_ASKER)
        view = conversation_view(row)
        self._hub.publish(STAFF, Frame("queue", conversation_id, view.model_dump(mode="json")))
        verified = row.conversation.verified_at is not None
        if owner_changed or (verified and not was_verified):
            user = view.owner.user
            data = {
                "kind": view.owner.kind.value,
                "name": user.name if user else None,
                "status": view.status.value,
                "verified": verified,
            }
            self._hub.publish(
                conversation_topic(conversation_id), Frame("owner", conversation_id, data)
            )
        if owner_changed:
            self.queue_positions()

    def sessions_ended(self, conversation_id: UUID, sessions: Collection[UUID]) -> None:
        """Sockets of these sessions are to close, wherever they are; others pass it over."""
        if sessions:
            data = {"sessions": [str(session_id) for session_id in sessions]}
            topic = conversation_topic(conversation_id)
            self._hub.publish(topic, Frame(SESSION_ENDED, conversation_id, data))

    def queue_positions(self) -> None:
        """Everybody who waits and is connected hears their place, counted from 1."""
        with self._database.reading() as session:
            waiting = ConversationService(session).list(
                owner=Owner.QUEUE, sort=ConversationSort.WAITING, limit=_MAX_TOLD, asker=_ASKER
            )
            ids = [row.conversation.id for row in waiting.items]
            estimate = WaitEstimate(session)
        for position, conversation_id in enumerate(ids, start=1):
            topic = conversation_topic(conversation_id)
            if self._hub.has_listeners(topic):
                data = queue_place(position, estimate.seconds(position))
                self._hub.publish(topic, Frame("queue", conversation_id, data))

    def staff_listens(self) -> bool:
        """Whether a console is open."""
        return self._hub.has_listeners(STAFF)

    def ticket_changed(self, number: str, *, event: str | None = None) -> None:
        """A ticket has changed, or ``event`` has happened to it: a promise is due soon, or late."""
        if not self._hub.has_listeners(STAFF):
            return
        with self._database.reading() as session:
            detail = TicketService(session).detail(number, asker=_ASKER)
        data: dict[str, Any] = {"ticket": ticket_view(detail.row).model_dump(mode="json")}
        if event is not None:
            data["event"] = event
        conversation_id = detail.row.ticket.conversation_id
        self._hub.publish(STAFF, Frame("ticket", conversation_id, data))

    def presence(self, user_id: UUID, name: str, *, online: bool) -> None:
        """This process's consoles hear that a member of staff has come or gone."""
        data = {"user": {"id": str(user_id), "name": name}, "online": online}
        self._hub.publish_here(STAFF, Frame("presence", None, data))

    def customer_presence(self, conversation_id: UUID, *, online: bool) -> None:
        """This process's consoles hear that a customer has opened the chat, or is gone."""
        data = {"author": Author.CUSTOMER.value, "online": online}
        self._hub.publish_here(STAFF, Frame("presence", conversation_id, data))

    def closed_elsewhere(self, conversation_id: UUID) -> None:
        """This process's consoles hear that the worker has closed a conversation, and its line."""
        if not self._hub.has_listeners(STAFF):
            return
        with self._database.reading() as session:
            row = ConversationService(session).row(conversation_id, asker=_ASKER)
            messages = ConversationService(session).messages(
                conversation_id, after=row.conversation.last_seq - 1, audience=Visibility.NOTE
            )
        for message in messages:
            said = staff_message(message).model_dump(mode="json")
            frame = Frame("message", conversation_id, said, seq=message.seq)
            self._hub.publish_here(STAFF, frame)
        view = conversation_view(row).model_dump(mode="json")
        self._hub.publish_here(STAFF, Frame("queue", conversation_id, view))

    def spoken(self, conversation_id: UUID, after: int) -> None:
        """Staff are told anew what was said after a number, and how the conversation stands."""
        self.messages_to_staff(self._since(conversation_id, after))
        self.conversation_changed(conversation_id, owner_changed=False)

    def _since(self, conversation_id: UUID, after: int) -> list[Message]:
        with self._database.reading() as session:
            return ConversationService(session).messages(
                conversation_id, after=after, audience=Visibility.NOTE
            )
