"""Old conversations: with all that was said, understood and sent in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from crm_store.database import Database
from crm_store.models import (
    AssistantEvent,
    Attachment,
    Conversation,
    Interaction,
    InteractionKind,
    Message,
)
from crm_store.privacy.erasing.assistant import forget_conversations
from crm_store.privacy.erasing.files import delete_attachments
from crm_store.privacy.erasing.rows import let_go
from foundation.settings import Settings


@dataclass(frozen=True, slots=True)
class OldChats:
    """Conversations in which nothing has been said since; of customers, or of visitors unknown."""

    of_customers: bool

    def count(self, database: Database, settings: Settings, before: datetime) -> int:
        with database.reading() as session:
            due = select(func.count()).select_from(Conversation).where(*self._due(before))
            return session.scalar(due) or 0

    def end(self, database: Database, settings: Settings, before: datetime, limit: int) -> int:
        with database.reading() as session:
            ids = session.scalars(
                select(Conversation.id).where(*self._due(before)).limit(limit)
            ).all()
            attachments = session.scalars(
                select(Attachment.id).where(Attachment.conversation_id.in_(ids))
            ).all()
        if not ids:
            return 0
        # Outside first: killed in between, the rows are still there to find the rest by.
        forget_conversations(settings, [str(one) for one in ids])
        delete_attachments(settings.var, attachments)
        with database.transaction() as session:
            return _delete(session, ids, self._due(before))

    def _due(self, before: datetime) -> list[ColumnElement[bool]]:
        known = Conversation.customer_id.is_not(None)
        return [
            Conversation.last_message_at < before,
            known if self.of_customers else Conversation.customer_id.is_(None),
        ]


@dataclass(frozen=True, slots=True)
class UnsentUploads:
    """Files that were sent up and then named by no message."""

    def count(self, database: Database, settings: Settings, before: datetime) -> int:
        with database.reading() as session:
            due = select(func.count()).select_from(Attachment).where(*_unnamed(before))
            return session.scalar(due) or 0

    def end(self, database: Database, settings: Settings, before: datetime, limit: int) -> int:
        with database.transaction() as session:
            ids = session.scalars(select(Attachment.id).where(*_unnamed(before)).limit(limit)).all()
            delete_attachments(settings.var, ids)
            session.execute(delete(Attachment).where(Attachment.id.in_(ids)))
            return len(ids)


def _unnamed(before: datetime) -> list[ColumnElement[bool]]:
    named = select(Message.id).where(Message.attachment_id == Attachment.id)
    return [Attachment.created_at < before, ~named.exists()]


def _delete(session: Session, ids: Sequence[UUID], still_due: list[ColumnElement[bool]]) -> int:
    # Somebody may have written again since; their conversation stays.
    ids = session.scalars(select(Conversation.id).where(Conversation.id.in_(ids), *still_due)).all()
    going = Conversation.id.in_(ids)
    for statement in (
        delete(AssistantEvent).where(AssistantEvent.conversation_id.in_(ids)),
        delete(Interaction).where(
            Interaction.conversation_id.in_(ids), Interaction.kind == InteractionKind.CHAT
        ),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    let_go(session, Conversation.__table__, going)  # type: ignore[arg-type]
    session.execute(delete(Conversation).where(going).execution_options(synchronize_session=False))
    return len(ids)
