"""Lists of conversations for staff, scoped by who is asking."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import aliased

from crm_store.asking import AsCustomer, Asker
from crm_store.conversations.base import ConversationPart
from crm_store.conversations.errors import ConversationNotFound
from crm_store.conversations.matching import matching_conversations, matching_messages
from crm_store.models import (
    Author,
    Conversation,
    ConversationStatus,
    Customer,
    Message,
    Owner,
    User,
    Visibility,
)
from crm_store.pages import Page, fetch_page
from crm_store.permissions import Permission, require_or_own
from crm_store.search.query import parse
from crm_store.search.snippets import snippet
from crm_store.texts import storable


class ConversationSort(StrEnum):
    NEWEST = "newest"  # the latest message first
    OLDEST = "oldest"  # the longest silent first
    WAITING = "waiting"  # the longest in the queue first; only those in the queue


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation with the people in it."""

    conversation: Conversation
    customer: Customer | None
    owner_user: User | None


@dataclass(frozen=True, slots=True)
class TranscriptRow:
    """A conversation with its newest message that matches the search."""

    conversation: Conversation
    customer: Customer | None
    message: Message
    snippet: str


class Listing(ConversationPart):
    """Finding conversations."""

    def get(self, conversation_id: UUID, *, asker: Asker) -> Conversation:
        """The conversation.

        Raises:
            ConversationNotFound: absent, or outside the asker's scope.
        """
        return self.row(conversation_id, asker=asker).conversation

    def row(self, conversation_id: UUID, *, asker: Asker) -> ConversationRow:
        """The conversation with its customer and owner.

        Raises:
            ConversationNotFound: absent, or outside the asker's scope.
        """
        found = self._session.execute(
            _rows().where(Conversation.id == conversation_id, _readable(asker))
        ).one_or_none()
        if found is None:
            raise ConversationNotFound
        return ConversationRow(*found)

    def spoken_since(self, at: datetime, *, limit: int = 5_000) -> dict[UUID, int]:
        """The last number of each conversation in which something was said since, newest first."""
        rows = self._session.execute(
            select(Conversation.id, Conversation.last_seq)
            .where(Conversation.last_message_at >= at)
            .order_by(Conversation.last_message_at.desc())
            .limit(limit)
        )
        return {row.id: row.last_seq for row in rows}

    def search_transcripts(
        self,
        *,
        q: str | None = None,
        intent: str | None = None,
        sentiment: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
        asker: Asker,
    ) -> Page[TranscriptRow]:
        """Conversations with a message that matches every filter, the latest active first.

        Args:
            q: words of the message, the last of which may go on; of the newest hundred that
                match.
            intent: as understood of a customer's message.
            sentiment: negative, neutral or positive, as understood.
            cursor: where the page before ended.
            limit: rows wanted.
            asker: a customer finds nothing but their own, without notes.

        Raises:
            NotAllowed: a member of staff may not review transcripts.
        """
        require_or_own(asker, Permission.TRANSCRIPTS_REVIEW)
        other = aliased(Message)
        conditions: list[ColumnElement[bool]] = [other.conversation_id == Conversation.id]
        if isinstance(asker, AsCustomer):
            conditions.append(other.visibility == Visibility.PUBLIC)
        said = matching_messages(self._session, q) if q else None
        if said is not None:
            conditions.append(other.id.in_(said))
        if intent:
            conditions.append(other.intent == storable(intent))
        if sentiment:
            conditions.append(other.sentiment == storable(sentiment))
        if not q and not intent and not sentiment:
            conditions.append(other.author == Author.CUSTOMER)
        newest = select(func.max(other.seq)).where(*conditions).scalar_subquery()
        statement = (
            select(Conversation, Customer, Message)
            .select_from(Conversation)
            .join(
                Message,
                and_(Message.conversation_id == Conversation.id, Message.seq == newest),
            )
            .outerjoin(Customer, Customer.id == Conversation.customer_id)
            .where(_readable(asker))
        )
        if said is not None:
            about = select(Message.conversation_id).where(Message.id.in_(said))
            statement = statement.where(Conversation.id.in_(self._session.scalars(about).all()))
        page = fetch_page(
            self._session,
            statement,
            keys=[(Conversation.last_message_at, datetime), (Conversation.id, UUID)],
            cursor=cursor,
            limit=limit,
            descending=True,
        )
        terms = parse(q or "")
        return page.map(
            lambda row: TranscriptRow(row[0], row[1], row[2], snippet(row[2].text, terms).text)
        )

    def list(
        self,
        *,
        status: ConversationStatus | None = None,
        owner: Owner | UUID | None = None,
        q: str | None = None,
        sort: ConversationSort = ConversationSort.NEWEST,
        cursor: str | None = None,
        limit: int = 50,
        asker: Asker,
    ) -> Page[ConversationRow]:
        """Conversations that match every filter.

        Args:
            status: open, snoozed or resolved; None for all.
            owner: a kind of owner, or the id of an agent; None for all.
            q: words of the customer's name or of a message, a whole e-mail or phone number; of
                the newest hundred that match.
            sort: which come first.
            cursor: where the page before ended; of the same sort.
            limit: rows wanted.
            asker: staff see all, a customer their own.
        """
        statement = _rows().where(_readable(asker))
        if status is not None:
            statement = statement.where(Conversation.status == status)
        if isinstance(owner, Owner):
            statement = statement.where(Conversation.owner == owner)
        elif owner is not None:
            statement = statement.where(Conversation.owner_user_id == owner)
        if q and storable(q).strip():
            about = matching_conversations(self._session, storable(q))
            statement = statement.where(Conversation.id.in_(about))
        latest: Any = Conversation.last_message_at
        if sort is ConversationSort.WAITING:
            statement = statement.where(Conversation.queued_at.is_not(None))
            latest = Conversation.queued_at
        page = fetch_page(
            self._session,
            statement,
            keys=[(latest, datetime), (Conversation.id, UUID)],
            cursor=cursor,
            limit=limit,
            descending=sort is ConversationSort.NEWEST,
        )
        return page.map(lambda row: ConversationRow(row[0], row[1], row[2]))


def _rows() -> Select[Conversation, Customer, User]:
    return (
        select(Conversation, Customer, User)
        .select_from(Conversation)
        .outerjoin(Customer, Customer.id == Conversation.customer_id)
        .outerjoin(User, User.id == Conversation.owner_user_id)
    )


def _readable(asker: Asker) -> ColumnElement[bool]:
    """A customer reads the conversations in which they proved who they are; staff read all.

    Raises:
        NotAllowed: a member of staff may not read conversations.
    """
    require_or_own(asker, Permission.CONVERSATIONS_READ)
    if isinstance(asker, AsCustomer):
        return and_(
            Conversation.customer_id == asker.customer_id, Conversation.verified_at.is_not(None)
        )
    return true()
