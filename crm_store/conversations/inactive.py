"""The periodic job that closes the chats in which nothing was said for as long as their site says.

The customer may write there again at any time, which opens the chat again. Nobody is asked to grade
what was closed so.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from crm_store.conversations.errors import ConversationChanged
from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from crm_store.jobs import Every, JobContext, JobKind
from crm_store.models import (
    Author,
    Conversation,
    ConversationEvent,
    ConversationStatus,
    Message,
    Owner,
    Site,
    Turn,
    Visibility,
)
from crm_store.sites.settings import SiteSettings
from crm_store.turns.repository import UNFINISHED
from foundation.clock import utc_now

_BATCH = 100
_PERIOD = timedelta(minutes=5)


def close_inactive(context: JobContext) -> dict[str, int]:
    """Close what is due on every site; each conversation is a transaction of its own."""
    database, now = context.database, utc_now()
    closed = 0
    with database.reading() as session:
        limits = list(_limits(session))
    for site_id, quiet in limits:
        while True:
            with database.reading() as session:
                due = inactive(session, site_id, before=now - quiet, limit=_BATCH)
            done = 0
            for conversation_id in due:
                context.check()
                done += close_one(database, conversation_id, before=now - quiet)
            closed += done
            # What somebody else holds just now waits for the next run.
            if len(due) < _BATCH or not done:
                break
    return {"closed": closed}


def inactive(session: Session, site_id: UUID, *, before: datetime, limit: int) -> Sequence[UUID]:
    """Conversations of this site alone in which nothing was said since, the quietest first."""
    return session.scalars(
        select(Conversation.id)
        .where(Conversation.site_id == site_id, *_quiet_since(before))
        .order_by(Conversation.last_message_at, Conversation.id)
        .limit(limit)
    ).all()


def close_one(database: Database, conversation_id: UUID, *, before: datetime) -> bool:
    """Close it, unless something was said or somebody has it in hand meanwhile."""
    try:
        with database.transaction() as session:
            held = session.scalar(
                select(Conversation.id)
                .where(Conversation.id == conversation_id, *_quiet_since(before))
                .with_for_update(key_share=True, skip_locked=True)
            )
            if held is None:
                return False
            ConversationService(session).close(held, actor=Author.SYSTEM, inactive=True)
    except ConversationChanged:
        return False
    return True


def closed_since(session: Session, at: datetime, *, limit: int = 500) -> list[tuple[UUID, UUID]]:
    """What the system has closed since: the events, with their conversations, in order."""
    rows = session.execute(
        select(ConversationEvent.id, Conversation.id)
        .join(ConversationEvent, ConversationEvent.conversation_id == Conversation.id)
        .where(
            # Its closing was the last that was said there: an index finds the few.
            Conversation.status == ConversationStatus.RESOLVED,
            Conversation.last_message_at >= at,
            ConversationEvent.kind == "resolved",
            ConversationEvent.actor == Author.SYSTEM,
            ConversationEvent.at >= at,
        )
        .order_by(ConversationEvent.at, ConversationEvent.id)
        .limit(limit)
    )
    return [(event_id, conversation_id) for event_id, conversation_id in rows]


def _limits(session: Session) -> Iterator[tuple[UUID, timedelta]]:
    """Each site with how long a chat may be quiet there; not those that never close one."""
    for site_id, settings in session.execute(select(Site.id, Site.settings).order_by(Site.id)):
        hours = SiteSettings.read(settings).close_after_hours
        if hours is not None:
            yield site_id, timedelta(hours=hours)


def _quiet_since(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Who waits for us is never shut out: in line, before an unfinished turn, after a question.

    An agent's chat is quiet when the agent has spoken last and was not answered.
    """
    last_author = (
        select(Message.author)
        .where(
            Message.conversation_id == Conversation.id,
            Message.visibility == Visibility.PUBLIC,
            Message.author != Author.SYSTEM,
        )
        .order_by(Message.seq.desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )
    unfinished = (
        select(Turn.id)
        .where(Turn.conversation_id == Conversation.id, Turn.status.in_(UNFINISHED))
        .correlate(Conversation)
        .exists()
    )
    return (
        Conversation.status == ConversationStatus.OPEN,
        Conversation.last_message_at < before,
        Conversation.last_seq > 0,
        or_(
            and_(Conversation.owner == Owner.BOT, ~unfinished),
            and_(Conversation.owner == Owner.AGENT, last_author == Author.AGENT),
        ),
    )


CLOSE_INACTIVE = JobKind(
    name="conversations.close_inactive", run=close_inactive, schedule=Every(_PERIOD)
)
