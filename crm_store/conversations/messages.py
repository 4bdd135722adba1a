"""What is said in a conversation."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from crm_store.asking import AsStaff
from crm_store.conversations.base import ConversationPart
from crm_store.conversations.errors import NotTheOwner
from crm_store.conversations.timeline import record_message
from crm_store.models import (
    Attachment,
    Author,
    Conversation,
    ConversationStatus,
    Message,
    Owner,
    Visibility,
)
from crm_store.pages import MAX_LIMIT
from crm_store.texts import storable, storable_json
from crm_store.tickets.following import agent_answered, customer_wrote
from crm_store.turns import Lease, TurnWork
from crm_store.turns.writing import write_turn
from foundation.errors import Conflict, Invalid, NotFound

_OFFERS_LOOKED_BACK = 100


@dataclass(frozen=True, slots=True)
class Posted:
    """A stored message; ``created`` is False when the same ``client_id`` had come before."""

    message: Message
    created: bool
    work: TurnWork | None = None
    """The bot's turn, where it could be leased at once."""


class Messages(ConversationPart):
    """Posting and reading messages."""

    def post_customer_message(
        self,
        conversation_id: UUID,
        *,
        client_id: str,
        text: str,
        payload: dict[str, Any] | None = None,
        attachment_id: UUID | None = None,
        for_assistant: bool = True,
        lease: Lease | None = None,
    ) -> Posted:
        """Store what the customer sent, with the bot's turn in the same transaction.

        A turn is written while the bot owns the conversation. A resolved conversation reopens with
        the bot; a repeated ``client_id`` gives the stored message back.

        Args:
            conversation_id: where.
            client_id: the sender's own key of the message, 1 to 64 characters.
            text: as typed; NUL is removed.
            payload: ``{"button": …}`` when the customer chose a button.
            attachment_id: a file of this conversation.
            for_assistant: whether the bot is to answer; it never does while a person owns.
            lease: who will do the turn at once if no earlier one of the conversation is
                unfinished; else, and without a lease, it waits in the queue.

        Raises:
            Invalid: there is nothing in the message, or the client_id is malformed.
            NotFound: the conversation or the attachment is absent.
        """
        conversation = self._conversations.lock(conversation_id)
        earlier = self._sent_before(conversation_id, client_id, Author.CUSTOMER)
        if earlier is not None:
            return Posted(earlier, created=False)
        attachment = self._attachment(conversation_id, attachment_id) if attachment_id else None
        text = storable(text)
        if not text.strip():
            if attachment is None:
                raise Invalid("text: is empty")
            text = attachment.filename
        if conversation.status is not ConversationStatus.OPEN:
            conversation = self._wake(conversation)
        message = Message(
            client_id=client_id,
            author=Author.CUSTOMER,
            text=text,
            payload=storable_json(payload),
            attachment_id=attachment_id,
            visibility=Visibility.PUBLIC,
        )
        conversation = self._conversations.append(conversation_id, [message])
        customer_wrote(self._session, conversation_id, at=message.sent_at)
        if for_assistant and conversation.owner is Owner.BOT:
            work = write_turn(self._session, conversation, message, lease=lease)
            return Posted(message, created=True, work=work)
        # No turn will complete and record it.
        record_message(self._session, conversation, message)
        return Posted(message, created=True)

    def post_agent_message(
        self,
        conversation_id: UUID,
        *,
        asker: AsStaff,
        text: str,
        client_id: str,
        note: bool = False,
        payload: dict[str, Any] | None = None,
    ) -> Message:
        """Store an agent's reply to the customer, or a note for staff.

        Args:
            conversation_id: where.
            asker: who writes.
            text: as typed.
            client_id: the sender's own key of the message.
            note: for colleagues only.
            payload: ``{"form": …}`` when the reply asks the customer to fill one in.

        Raises:
            NotAllowed: the asker may not write.
            NotTheOwner: a reply by somebody who does not own the conversation.
            Invalid: the text is empty, or the client_id is malformed.
        """
        user = self._writer(asker)
        conversation = self._conversations.lock(conversation_id)
        earlier = self._sent_before(conversation_id, client_id, Author.AGENT)
        if earlier is not None:
            return earlier
        text = storable(text)
        if not text.strip():
            raise Invalid("text: is empty")
        if not note and conversation.owner_user_id != user.id:
            raise NotTheOwner
        message = Message(
            client_id=client_id,
            author=Author.AGENT,
            user_id=user.id,
            name=user.name,
            text=text,
            payload=storable_json(payload),
            visibility=Visibility.NOTE if note else Visibility.PUBLIC,
        )
        self._conversations.append(conversation_id, [message])
        if not note:
            agent_answered(self._session, conversation_id, user=user, at=message.sent_at)
        return message

    def messages(
        self, conversation_id: UUID, *, after: int = 0, limit: int = 200, audience: Visibility
    ) -> list[Message]:
        """Messages with a seq above ``after``, oldest first.

        Args:
            conversation_id: where.
            after: the last seq the reader has; 0 for all.
            limit: at most this many, and never more than 200.
            audience: ``PUBLIC`` for the customer; ``NOTE`` for staff, who see private notes too.
        """
        statement = select(Message).where(
            Message.conversation_id == conversation_id, Message.seq > after
        )
        if audience is Visibility.PUBLIC:
            statement = statement.where(Message.visibility == Visibility.PUBLIC)
        limit = max(1, min(limit, MAX_LIMIT))
        return list(self._session.scalars(statement.order_by(Message.seq).limit(limit)))

    def offered(self, conversation_id: UUID, payload: str) -> dict[str, Any] | None:
        """The button with this payload that the bot offered in this conversation, or None."""
        payloads = self._session.scalars(
            select(Message.payload)
            .where(
                Message.conversation_id == conversation_id,
                Message.author == Author.BOT,
                Message.payload.is_not(None),
            )
            .order_by(Message.seq.desc())
            .limit(_OFFERS_LOOKED_BACK)
        )
        buttons = (b for p in payloads if p for b in p.get("buttons") or [])
        return next((button for button in buttons if button.get("payload") == payload), None)

    def add_attachment(
        self, conversation_id: UUID, *, filename: str, content_type: str, size: int
    ) -> Attachment:
        """A file's record; the caller stores the bytes under the returned id."""
        self._conversations.get(conversation_id)
        attachment = Attachment(
            conversation_id=conversation_id,
            filename=storable(filename).strip()[:200] or "file",
            content_type=storable(content_type)[:100],
            size=size,
        )
        self._session.add(attachment)
        self._session.flush()
        return attachment

    def attachment(self, conversation_id: UUID, attachment_id: UUID) -> Attachment:
        """A file of this conversation.

        Raises:
            NotFound: absent, or another conversation's.
        """
        return self._attachment(conversation_id, attachment_id)

    def _attachment(self, conversation_id: UUID, attachment_id: UUID) -> Attachment:
        attachment = self._session.get(Attachment, attachment_id)
        if attachment is None or attachment.conversation_id != conversation_id:
            raise NotFound("no such attachment")
        return attachment

    def _sent_before(self, conversation_id: UUID, client_id: str, author: Author) -> Message | None:
        """The message stored under this key; the caller's lock keeps the answer true."""
        if not 1 <= len(client_id) <= 64 or storable(client_id) != client_id:
            raise Invalid("client_id: 1 to 64 characters")
        message = self._session.scalar(
            _by_client_id(), {"conversation": conversation_id, "client": client_id}
        )
        if message is not None and message.author is not author:
            raise Conflict("client_id: is taken by another message")
        return message

    def _wake(self, conversation: Conversation) -> Conversation:
        """Open it again: a snoozed one where it was, a resolved one with the bot."""
        reopened = self._conversations.change(
            conversation, status=ConversationStatus.OPEN, resolved_at=None
        )
        self._log(reopened, "reopened", actor=Author.CUSTOMER)
        return reopened


# Run for every message of every customer, and building it costs more than running it.
@cache
def _by_client_id() -> Select[Message]:
    return select(Message).where(
        Message.conversation_id == bindparam("conversation"),
        Message.client_id == bindparam("client"),
    )
