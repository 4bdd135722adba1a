"""How a visitor gets into a conversation: sessions of the widget, tickets for sockets."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, delete, select, update

from crm_store.conversations.tying import Tying
from crm_store.models import (
    Author,
    Conversation,
    ConversationStatus,
    Customer,
    Site,
    SocketTicket,
    WidgetSession,
)
from foundation.clock import utc_now
from foundation.errors import Invalid, NotAuthenticated
from foundation.ids import new_token, token_digest

TICKET_SECONDS = 30
KEEP_EVERY = timedelta(minutes=5)
"""A session's end is moved this often at most: reading a conversation writes nothing mostly."""
BY_HOST = "host"
_EXPIRED = "this session has expired; start a new one"


@dataclass(frozen=True, slots=True)
class StartedConversation:
    """A conversation and the one copy of the token that opens it.

    Attributes:
        conversation: the visitor's from now on.
        session_token: opens it.
        expires_at: when it will open nothing any more, unless it is used.
        ended: sessions whose place this one took.
    """

    conversation: Conversation
    session_token: str
    expires_at: datetime
    ended: tuple[UUID, ...] = ()


class Sessions(Tying):
    """Starting, resuming and leaving conversations."""

    def start(
        self, site: Site, *, customer: Customer | None, verified_by: str | None, hours: float
    ) -> StartedConversation:
        """Begin a conversation, or resume the newest open one of a customer known to the host.

        Conversations that were verified in another way are not resumed: whoever began them was not
        the host's customer for certain.

        Args:
            site: where the widget is shown.
            customer: who is there, when that is known.
            verified_by: how it is known (``host``); None with a customer is refused.
            hours: how long the session lasts after its last use.
        """
        if (customer is None) != (verified_by is None):
            raise Invalid("verified_by: goes with a customer, and only with one")
        conversation = None
        if customer is not None and verified_by == BY_HOST:
            conversation = self._newest_open(site.id, customer)
        if conversation is None:
            conversation = self._begin(site.id, customer, verified_by)
        return self._open(conversation, hours=hours)

    def identify(
        self, visitor: WidgetSession, *, customer: Customer, hours: float
    ) -> StartedConversation:
        """The host vouches for who is in a running session; its token is replaced.

        What a guest has said becomes the customer's own conversation, and no token from before
        opens it any more. A conversation that another customer is in stays theirs: then, as after
        the silence of a guest, the customer's open one is resumed, or one begun.

        Args:
            visitor: the session that asks.
            customer: who it is, as the host of the session's site says.
            hours: how long the new session lasts after its last use.

        Raises:
            NotAuthenticated: the session has ended meanwhile.
        """
        conversation = self._conversations.lock(visitor.conversation_id)
        ended = self._end(WidgetSession.id == visitor.id)
        if not ended:
            raise NotAuthenticated(_EXPIRED)
        if conversation.verified_by == BY_HOST and conversation.customer_id == customer.id:
            return self._open(conversation, hours=hours, ended=ended)
        is_free = conversation.customer_id in (None, customer.id)
        known = None
        if not is_free or conversation.last_seq == 0:
            known = self._newest_open(conversation.site_id, customer)
        if known is not None:
            conversation = known
        elif is_free:
            # Whoever holds a guest's token knows nothing of the customer that it became.
            ended += self._end(WidgetSession.conversation_id == conversation.id)
            conversation = self._tie(conversation, customer, by=BY_HOST)
        else:
            conversation = self._begin(conversation.site_id, customer, BY_HOST)
        return self._open(conversation, hours=hours, ended=ended)

    def end(self, visitor: WidgetSession) -> None:
        """The session's token and tickets open nothing any more; the conversation stays."""
        self._end(WidgetSession.id == visitor.id)

    def by_session_token(self, token: str) -> tuple[Conversation, WidgetSession]:
        """The conversation that a widget's bearer token opens.

        Raises:
            NotAuthenticated: unknown or expired.
        """
        row = self._session.execute(
            _by_token(), {"digest": token_digest(token), "now": utc_now()}
        ).one_or_none()
        if row is None:
            raise NotAuthenticated(_EXPIRED)
        return row[0], row[1]

    def keep(self, sessions: Collection[UUID], *, hours: float) -> None:
        """These sessions are in use: they end so many hours from now."""
        end = utc_now() + timedelta(hours=hours)
        self._session.execute(
            update(WidgetSession)
            .where(WidgetSession.id.in_(sessions), WidgetSession.expires_at < end - KEEP_EVERY)
            .values(expires_at=end)
            .execution_options(synchronize_session=False)
        )

    def alive(self, sessions: Collection[UUID]) -> set[UUID]:
        """Those of the sessions that have not ended."""
        return set(
            self._session.scalars(
                select(WidgetSession.id).where(
                    WidgetSession.id.in_(sessions), WidgetSession.expires_at > utc_now()
                )
            )
        )

    def issue_ticket(
        self, *, visitor: WidgetSession | None = None, user_id: UUID | None = None
    ) -> str:
        """A ticket that opens one WebSocket, once, within 30 seconds; for one holder, not both."""
        if (visitor is None) == (user_id is None):
            raise Invalid("ticket: for a visitor or for a user")
        token = new_token()
        self._session.add(
            SocketTicket(
                token_digest=token_digest(token),
                conversation_id=visitor.conversation_id if visitor else None,
                session_id=visitor.id if visitor else None,
                user_id=user_id,
                expires_at=utc_now() + timedelta(seconds=TICKET_SECONDS),
            )
        )
        self._session.flush()
        return token

    def redeem_ticket(self, ticket: str) -> SocketTicket:
        """Use a ticket up; of several who try at once, one succeeds.

        Raises:
            NotAuthenticated: unknown, used or expired.
        """
        columns = SocketTicket.__table__.c
        row = self._session.execute(
            delete(SocketTicket)
            .where(
                SocketTicket.token_digest == token_digest(ticket),
                SocketTicket.expires_at > utc_now(),
            )
            .returning(*columns)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if row is None:
            raise NotAuthenticated("this ticket has been used or has expired")
        return SocketTicket(**row._mapping)

    def site_of(self, conversation_id: UUID) -> UUID:
        """The site whose visitor is in the conversation."""
        return self._conversations.get(conversation_id).site_id

    def _begin(
        self, site_id: UUID, customer: Customer | None, verified_by: str | None
    ) -> Conversation:
        conversation = Conversation(
            site_id=site_id,
            customer_id=customer.id if customer else None,
            verified_at=utc_now() if customer else None,
            verified_by=verified_by,
        )
        self._session.add(conversation)
        self._session.flush()
        self._log(conversation, "started", actor=Author.CUSTOMER)
        return conversation

    def _open(
        self, conversation: Conversation, *, hours: float, ended: tuple[UUID, ...] = ()
    ) -> StartedConversation:
        token = new_token()
        expires_at = utc_now() + timedelta(hours=hours)
        self._session.add(
            WidgetSession(
                conversation_id=conversation.id,
                token_digest=token_digest(token),
                expires_at=expires_at,
            )
        )
        self._session.flush()
        return StartedConversation(conversation, token, expires_at, ended)

    def _end(self, which: ColumnElement[bool]) -> tuple[UUID, ...]:
        """End sessions, and with them their tickets; returns which there were."""
        gone = self._session.scalars(
            delete(WidgetSession)
            .where(which)
            .returning(WidgetSession.id)
            .execution_options(synchronize_session=False)
        )
        return tuple(gone)

    def _newest_open(self, site_id: UUID, customer: Customer) -> Conversation | None:
        # Two tabs that open at once must end up in one conversation: they take turns here.
        self._session.execute(
            select(Customer.id).where(Customer.id == customer.id).with_for_update(key_share=True)
        )
        return self._session.scalar(
            select(Conversation)
            .where(
                Conversation.site_id == site_id,
                Conversation.customer_id == customer.id,
                Conversation.verified_by == BY_HOST,
                Conversation.status != ConversationStatus.RESOLVED,
            )
            .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
            .limit(1)
        )


# Run for every message of every customer, and building it costs more than running it.
@cache
def _by_token() -> Select[Conversation, WidgetSession]:
    return (
        select(Conversation, WidgetSession)
        .join(WidgetSession, WidgetSession.conversation_id == Conversation.id)
        .where(
            WidgetSession.token_digest == bindparam("digest"),
            WidgetSession.expires_at > bindparam("now"),
        )
    )
