"""What is said about a ticket."""

from sqlalchemy import select

from crm_store import audit
from crm_store.asking import AsCustomer, Asker
from crm_store.lists import ListQuery
from crm_store.models import Ticket, TicketComment, TicketStatus, User, Visibility
from crm_store.pages import Page
from crm_store.permissions import Permission, require
from crm_store.texts import storable
from crm_store.tickets.base import actor_of
from crm_store.tickets.changes import Changes
from crm_store.tickets.listing import COMMENT_SORTS
from foundation.errors import Conflict, Invalid

COMMENT_LIMIT = 20_000


class Comments(Changes):
    """Public comments answer the customer; notes are for staff."""

    def comment(
        self,
        number: str,
        text: str,
        *,
        client_id: str,
        visibility: Visibility = Visibility.PUBLIC,
        status: TicketStatus | None = None,
        asker: Asker,
    ) -> TicketComment:
        """Say something about a ticket; the same ``client_id`` again gives the stored comment.

        The first public comment by staff is the first response. ``status`` sets the ticket's state
        with it: an answer that waits for the customer is ``pending``.

        Raises:
            TicketNotFound: absent.
            TicketMerged: it goes on as another ticket.
            Invalid: an empty or too long text, or a bad client_id.
            Conflict: its state does not allow ``status``.
        """
        require(asker, Permission.TICKETS_WRITE)
        if not 1 <= len(client_id) <= 64 or storable(client_id) != client_id:
            raise Invalid("client_id: 1 to 64 characters")
        ticket = self._find(number, asker, lock=True)
        earlier = self._tickets.comment_by_client_id(ticket.id, client_id)
        if earlier is not None:
            if earlier.user_id != actor_of(asker)[1]:
                raise Conflict("client_id: is taken by another comment")
            return earlier
        self._require_unmerged(ticket)
        text = storable(text).strip()
        if not 1 <= len(text) <= COMMENT_LIMIT:
            raise Invalid(f"text: 1 to {COMMENT_LIMIT:,} characters")
        now = self._clock()
        author, user_id = actor_of(asker)
        comment = TicketComment(
            ticket_id=ticket.id,
            client_id=client_id,
            author=author,
            user_id=user_id,
            visibility=visibility,
            text=text,
            at=now,
        )
        self._session.add(comment)
        self._session.flush()
        values = {} if status is None else self._checked(ticket, {"status": status})
        if visibility is Visibility.PUBLIC and ticket.answered_at is None:
            ticket = self._tickets.change(ticket, answered_at=now, updated_at=now)
            self._log(ticket, "answered", asker=asker, at=now)
            self._keeper.refresh(ticket, now=now)
        else:
            ticket = self._tickets.change(ticket, updated_at=now)
        self._apply(ticket, values, asker=asker)
        facts = {"visibility": visibility.value}
        audit.record(self._session, asker, "ticket.commented", "ticket", ticket.number, facts)
        return comment

    def comments(
        self, number: str, query: ListQuery, *, asker: Asker
    ) -> Page[tuple[TicketComment, Ticket, User | None]]:
        """What was said about the ticket and its merged duplicates, with who said it.

        Raises:
            TicketNotFound: absent, or outside the asker's scope.
        """
        ticket = self._find(number, asker)
        # By their keys: with OR over the join a database may read every comment there is.
        told = [ticket.id, *(other.id for other in self._tickets.duplicates(ticket.id))]
        statement = (
            select(TicketComment, Ticket, User)
            .join(Ticket, Ticket.id == TicketComment.ticket_id)
            .outerjoin(User, User.id == TicketComment.user_id)
            .where(TicketComment.ticket_id.in_(told))
        )
        if isinstance(asker, AsCustomer):
            statement = statement.where(TicketComment.visibility == Visibility.PUBLIC)
        page = COMMENT_SORTS.page(self._session, statement, query)
        return page.map(lambda row: (row[0], row[1], row[2]))
