"""What the parts of the conversation service share."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.asking import AsStaff
from crm_store.audit import record
from crm_store.conversations.lines import LineKind, line_payload
from crm_store.conversations.repository import ConversationRepository
from crm_store.conversations.timeline import record_event
from crm_store.models import (
    Author,
    Conversation,
    ConversationEvent,
    Message,
    User,
    Visibility,
)
from crm_store.permissions import Permission, require
from crm_store.texts import shorten, storable, storable_json


class ConversationPart:
    """A session, the repository over it, and how events and system messages are written."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._conversations = ConversationRepository(session)

    def _log(
        self,
        conversation: Conversation,
        kind: str,
        *,
        actor: Author,
        by: AsStaff | None = None,
        reason: str | None = None,
        data: dict[str, Any] | None = None,
    ) -> None:
        """Write down a change of owner or state, and put it on a known customer's timeline.

        What staff did goes into the audit log as well.
        """
        event = ConversationEvent(
            conversation_id=conversation.id,
            kind=kind,
            actor=actor,
            user_id=by.user_id if by else None,
            reason=shorten(storable(reason), 200) if reason else None,
            data=storable_json(data),
        )
        self._session.add(event)
        self._session.flush()
        record_event(self._session, conversation, event)
        if by is not None:
            action = f"conversation.{kind}"
            record(self._session, by, action, "conversation", conversation.id, data)

    def _writer(self, asker: AsStaff) -> User:
        """The member of staff who may answer and hand on conversations.

        Raises:
            NotAllowed: they may not.
        """
        require(asker, Permission.CONVERSATIONS_WRITE)
        return self._session.get_one(User, asker.user_id)

    def _tell(
        self, conversation_id: UUID, text: str, *, kind: LineKind, **facts: str | int
    ) -> Conversation:
        """Tell everybody in the conversation what has just happened to it.

        Args:
            conversation_id: which one.
            text: in English; a widget in another language words the kind itself.
            kind: what has happened.
            facts: what those words need: the ``name`` of who came, the ``position`` in the line.
        """
        line = Message(
            author=Author.SYSTEM,
            text=text,
            payload=line_payload(kind, **facts),
            visibility=Visibility.PUBLIC,
        )
        return self._conversations.append(conversation_id, [line])
