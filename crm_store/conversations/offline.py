"""Messages left while nobody is there: kept in the chat, and a ticket for staff."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crm_store.conversations.errors import DeskOpen
from crm_store.conversations.lines import LineKind, line_payload
from crm_store.conversations.messages import Messages, Posted
from crm_store.conversations.visitor_details import VisitorDetails
from crm_store.models import Author, Conversation, Message, Site, Ticket, Visibility
from crm_store.sites.form_fields import Answers
from crm_store.sites.hours import desk_hours
from crm_store.sites.settings import SiteSettings
from crm_store.texts import shorten
from crm_store.tickets.service import TicketService
from foundation.clock import utc_now

TOPIC = "offline_message"


@dataclass(frozen=True, slots=True)
class LeftMessage:
    """What was left, the line that confirms it (None for a repeat), and the ticket."""

    posted: Posted
    confirmed: Message | None
    ticket: Ticket


class OfflineMessages(Messages, VisitorDetails):
    """For a site with business hours, outside of them."""

    def leave_message(
        self,
        conversation_id: UUID,
        *,
        client_id: str,
        email: str,
        name: str | None,
        text: str,
        at: datetime | None = None,
    ) -> LeftMessage:
        """Store the message and open a ticket; a repeated ``client_id`` changes nothing.

        The address stays with the chat as the visitor's own word. The assistant does not answer:
        the visitor has asked for people.

        Args:
            conversation_id: the visitor's.
            client_id: the sender's own key of the message.
            email: where staff may answer, checked.
            name: what to call the visitor.
            text: the message, checked.
            at: the time of asking; now by default.

        Raises:
            DeskOpen: people answer now, or the site takes no such messages.
        """
        conversation = self._conversations.lock(conversation_id)
        repeated = self._sent_before(conversation_id, client_id, Author.CUSTOMER) is not None
        if not repeated:
            self._refuse_open(conversation, at or utc_now())
            said: Answers = {"email": email, **({"name": name} if name else {})}
            self.note_answers(conversation_id, said)
        posted = self.post_customer_message(
            conversation_id,
            client_id=client_id,
            text=text,
            payload={"offline": True},
            for_assistant=False,
        )
        ticket = TicketService(self._session).open(
            subject=f"Message left outside hours: {shorten(text, 80)}",
            body=text,
            topic=TOPIC,
            conversation_id=conversation_id,
            customer_id=conversation.customer_id if conversation.verified_at else None,
            idempotency_key=f"offline:{conversation_id.hex}:{client_id}",
        )
        confirmed = None if repeated else self._confirm(conversation_id, ticket)
        return LeftMessage(posted, confirmed, ticket)

    def _refuse_open(self, conversation: Conversation, at: datetime) -> None:
        site = self._session.get_one(Site, conversation.site_id)
        hours = desk_hours(self._session, site, at=at)
        if hours is None or hours.open or not SiteSettings.read(site.settings).offline_form:
            raise DeskOpen

    def _confirm(self, conversation_id: UUID, ticket: Ticket) -> Message:
        line = Message(
            author=Author.SYSTEM,
            text=f"Your message is saved as {ticket.number}. We answer by e-mail when we are back.",
            payload=line_payload(LineKind.OFFLINE_MESSAGE, ticket_number=ticket.number),
            visibility=Visibility.PUBLIC,
        )
        self._conversations.append(conversation_id, [line])
        return line
