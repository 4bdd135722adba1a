"""Finding tickets, scoped by who asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.lists import ListQuery, SortKey, Sorts
from crm_store.models import (
    AccountContact,
    ClockState,
    Customer,
    Label,
    SearchKind,
    SlaClock,
    Ticket,
    TicketComment,
    TicketEvent,
    TicketLabel,
    TicketPriority,
    TicketStatus,
    TicketType,
    User,
)
from crm_store.pages import Page
from crm_store.permissions import Permission, require
from crm_store.search.service import SearchService
from crm_store.tickets.base import TicketPart
from crm_store.tickets.numbers import normalise_ticket_number
from crm_store.tickets.repository import readable

TICKET_SORTS = Sorts(
    {
        "created_at": SortKey(Ticket.created_at, datetime),
        "updated_at": SortKey(Ticket.updated_at, datetime),
        "due_at": SortKey(Ticket.due_at, datetime),  # only tickets with a running clock
        "number": SortKey(Ticket.number, str),
    },
    default="-created_at",
    unique=Ticket.id,
)
COMMENT_SORTS = Sorts(
    {"at": SortKey(TicketComment.at, datetime)}, default="at", unique=TicketComment.id
)
_EVENTS = 200
MOST_FOUND = 1_000
"""So many of the newest tickets that hold the words are looked at; others are not listed."""


class SlaState(StrEnum):
    BREACHED = "breached"  # a promise is late, or was kept late
    RUNNING = "running"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """Which tickets; None lets all pass."""

    status: TicketStatus | None = None
    type: TicketType | None = None
    priority: TicketPriority | None = None
    assignee: UUID | Literal["none"] | None = None
    label_id: UUID | None = None
    customer_id: UUID | None = None
    account_id: UUID | None = None
    """Of any of the account's contacts."""
    conversation_id: UUID | None = None
    sla: SlaState | None = None
    q: str | None = None
    """Words, or their beginnings, of the subject and of what was written; or a whole number."""


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket with what its row in a list shows."""

    ticket: Ticket
    customer: Customer | None
    assignee: User | None
    clocks: Sequence[SlaClock]
    labels: Sequence[Label]


@dataclass(frozen=True, slots=True)
class TicketDetail:
    """A ticket with its history, the latest first, and the tickets that were merged into it."""

    row: TicketRow
    events: Sequence[TicketEvent]
    duplicates: Sequence[Ticket]
    merged_into: str | None
    names: Mapping[UUID, str]
    """Of the staff in the history."""


class Listing(TicketPart):
    """Reading tickets."""

    def by_number(self, number: str, *, asker: Asker) -> Ticket:
        """The ticket, by its number as people type it.

        Raises:
            TicketNotFound: absent, or another customer's.
        """
        return self._find(number, asker)

    def list(
        self,
        *,
        asker: Asker,
        status: TicketStatus | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Ticket]:
        """Tickets newest first; a customer gets their own."""
        statement = _filtered(readable(select(Ticket), asker), TicketFilter(status=status))
        return TICKET_SORTS.page(self._session, statement, ListQuery(cursor=cursor, limit=limit))

    def rows(self, wanted: TicketFilter, query: ListQuery, *, asker: Asker) -> Page[TicketRow]:
        """Tickets with all that their rows show; sorted by ``due_at``, those with a running clock.

        Raises:
            Invalid: the sort or the cursor is not one of this list.
            NotAllowed: an account's tickets are wanted, and the asker may not read sales.
        """
        statement = (
            select(Ticket, Customer, User)
            .select_from(Ticket)
            .outerjoin(Customer, Customer.id == Ticket.customer_id)
            .outerjoin(User, User.id == Ticket.assignee_id)
        )
        if query.sort and "due_at" in query.sort:
            statement = statement.where(Ticket.due_at.is_not(None))
        if wanted.account_id is not None:
            require(asker, Permission.SALES_READ)
        if wanted.q and wanted.q.strip():
            statement = statement.where(_matching(self._session, wanted.q.strip()))
        page = TICKET_SORTS.page(
            self._session, _filtered(readable(statement, asker), wanted), query
        )
        ids = [row[0].id for row in page.items]
        clocks, labels = clocks_of(self._session, ids), labels_of(self._session, ids)
        return page.map(
            lambda row: TicketRow(
                row[0], row[1], row[2], clocks.get(row[0].id, ()), labels.get(row[0].id, ())
            )
        )

    def detail(self, number: str, *, asker: Asker) -> TicketDetail:
        """The ticket with its history.

        Raises:
            TicketNotFound: absent, or outside the asker's scope.
        """
        ticket = self._find(number, asker)
        row = TicketRow(
            ticket,
            self._session.get(Customer, ticket.customer_id) if ticket.customer_id else None,
            self._session.get(User, ticket.assignee_id) if ticket.assignee_id else None,
            clocks_of(self._session, [ticket.id]).get(ticket.id, ()),
            labels_of(self._session, [ticket.id]).get(ticket.id, ()),
        )
        into = ticket.merged_into_id
        events = self._tickets.events(ticket.id, limit=_EVENTS)
        return TicketDetail(
            row,
            events,
            self._tickets.duplicates(ticket.id),
            self._tickets.numbers([into]).get(into) if into else None,
            _names(self._session, events),
        )


def _names(session: Session, events: Sequence[TicketEvent]) -> dict[UUID, str]:
    """The staff who made the changes, and those to whom the ticket was given."""
    ids = {event.user_id for event in events if event.user_id}
    for event in events:
        if event.kind == "assignee":
            ids |= {UUID(value) for value in (event.data or {}).values() if value}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def clocks_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[SlaClock]]:
    """The clocks of these tickets."""
    found: dict[UUID, list[SlaClock]] = {}
    clocks = session.scalars(
        select(SlaClock).where(SlaClock.ticket_id.in_(ids)).order_by(SlaClock.kind)
    )
    for clock in clocks:
        found.setdefault(clock.ticket_id, []).append(clock)
    return found


def labels_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Label]]:
    """The labels of these tickets, by name."""
    found: dict[UUID, list[Label]] = {}
    rows = session.execute(
        select(TicketLabel.ticket_id, Label)
        .join(Label, Label.id == TicketLabel.label_id)
        .where(TicketLabel.ticket_id.in_(ids))
        .order_by(Label.folded)
    )
    for ticket_id, label in rows:
        found.setdefault(ticket_id, []).append(label)
    return found


def _filtered(
    statement: Select[*tuple[Any, ...]], wanted: TicketFilter
) -> Select[*tuple[Any, ...]]:
    for column, value in (
        (Ticket.status, wanted.status),
        (Ticket.type, wanted.type),
        (Ticket.priority, wanted.priority),
        (Ticket.customer_id, wanted.customer_id),
        (Ticket.conversation_id, wanted.conversation_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.account_id is not None:
        contacts = select(AccountContact.customer_id).where(
            AccountContact.account_id == wanted.account_id
        )
        statement = statement.where(Ticket.customer_id.in_(contacts))
    if wanted.assignee == "none":
        statement = statement.where(Ticket.assignee_id.is_(None))
    elif wanted.assignee is not None:
        statement = statement.where(Ticket.assignee_id == wanted.assignee)
    if wanted.label_id is not None:
        statement = statement.where(
            exists().where(
                TicketLabel.ticket_id == Ticket.id, TicketLabel.label_id == wanted.label_id
            )
        )
    if wanted.sla is not None:
        statement = statement.where(_in_state(wanted.sla))
    return statement


def _in_state(state: SlaState) -> Any:
    if state is SlaState.BREACHED:
        condition: Any = SlaClock.breached_at.is_not(None)
    else:
        condition = SlaClock.state == ClockState(state.value)
    return exists().where(SlaClock.ticket_id == Ticket.id, condition)


def _matching(session: Session, q: str) -> Any:
    number = normalise_ticket_number(q)
    if number is not None:
        return Ticket.number == number
    found = SearchService(session).refs(q, SearchKind.TICKET, most=MOST_FOUND, forgiving=False)
    return Ticket.id.in_(found.items)
