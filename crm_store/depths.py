"""How much waits, for whoever watches over the system."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.models import Conversation, Turn, TurnStatus


def turns_waiting(session: Session) -> int:
    """Customers' messages that the assistant has not begun to answer."""
    waiting = select(func.count()).select_from(Turn).where(Turn.status == TurnStatus.PENDING)
    return session.scalar(waiting) or 0


def people_waiting(session: Session) -> int:
    """Customers in line for a person."""
    waiting = (
        select(func.count()).select_from(Conversation).where(Conversation.queued_at.is_not(None))
    )
    return session.scalar(waiting) or 0
