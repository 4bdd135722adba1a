"""Which conversations a search on a list of them is about."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.customers.reached import reached_by
from crm_store.models import Conversation, Message, SearchKind
from crm_store.search.service import SearchService

_SEARCH = AsSystem("the search on a list of conversations, which is scoped itself")
MOST = 100
"""So many of the newest messages, and so many people, are looked at; others are not listed."""


def matching_messages(session: Session, q: str) -> list[UUID]:
    """The newest messages that hold every word of ``q``."""
    return SearchService(session).refs(q, SearchKind.MESSAGE, most=MOST).items


def matching_conversations(session: Session, q: str) -> Sequence[UUID]:
    """Conversations in which ``q`` is said, or with somebody of that name, e-mail or phone."""
    said = select(Message.conversation_id).where(Message.id.in_(matching_messages(session, q)))
    search = SearchService(session)
    people = search.refs(q, SearchKind.CUSTOMER, most=MOST, forgiving=False).items
    people = people or search.refs(q, SearchKind.CUSTOMER, most=MOST).items
    people += [customer.id for customer in reached_by(session, q, asker=_SEARCH)]
    theirs = select(Conversation.id).where(Conversation.customer_id.in_(people))
    newest = theirs.order_by(Conversation.last_message_at.desc()).limit(MOST)
    return list({*session.scalars(said), *session.scalars(newest)})
