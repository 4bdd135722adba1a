"""How a visitor gets into a conversation: sessions of the widget, tickets for sockets."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from crm_store.conversations.base import ConversationPart
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
BY_HOST = "host"


@dataclass(frozen=True, slots=True)
class StartedConversation:
    """A conversation and the one copy of the token that opens it."""

    conversation: Conversation
    session_token: str
    expires_at: datetime


class Sessions(ConversationPart):
    """Starting and resuming conversations."""

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
            hours: how long the session lasts.
        """
        if (customer is None) != (verified_by is None):
            raise Invalid("verified_by: goes with a customer, and only with one")
        conversation = None
        if customer is not None and verified_by == BY_HOST:
            conversation = self._newest_open(site, customer)
        if conversation is None:
            conversation = Conversation(
                site_id=site.id,
                customer_id=customer.id if customer else None,
                verified_at=utc_now() if customer else None,
                verified_by=verified_by,
            )
            self._session.add(conversation)
            self._session.flush()
            self._log(conversation, "started", actor=Author.CUSTOMER)
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
        return StartedConversation(conversation, token, expires_at)

    def by_session_token(self, token: str) -> tuple[Conversation, WidgetSession]:
        """The conversation that a widget's bearer token opens.

        Raises:
            NotAuthenticated: unknown or expired.
        """
        row = self._session.execute(
            select(Conversation, WidgetSession)
            .join(WidgetSession, WidgetSession.conversation_id == Conversation.id)
            .where(
                WidgetSession.token_digest == token_digest(token),
                WidgetSession.expires_at > utc_now(),
            )
        ).one_or_none()
        if row is None:
            raise NotAuthenticated("this session has expired; start a new one")
        return row[0], row[1]

    def issue_ticket(
        self, *, conversation_id: UUID | None = None, user_id: UUID | None = None
    ) -> str:
        """A ticket that opens one WebSocket, once, within 30 seconds; for one holder, not both."""
        if (conversation_id is None) == (user_id is None):
            raise Invalid("ticket: for a conversation or for a user")
        token = new_token()
        self._session.add(
            SocketTicket(
                token_digest=token_digest(token),
                conversation_id=conversation_id,
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

    def _newest_open(self, site: Site, customer: Customer) -> Conversation | None:
        # Two tabs that open at once must end up in one conversation: they take turns here.
        self._session.execute(
            select(Customer.id).where(Customer.id == customer.id).with_for_update(key_share=True)
        )
        return self._session.scalar(
            select(Conversation)
            .where(
                Conversation.site_id == site.id,
                Conversation.customer_id == customer.id,
                Conversation.verified_by == BY_HOST,
                Conversation.status != ConversationStatus.RESOLVED,
            )
            .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
            .limit(1)
        )
