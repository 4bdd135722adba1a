"""``/api/v1/tickets``."""

from typing import Annotated, Literal, cast
from uuid import UUID

from fastapi import APIRouter, Path

from crm_store.labels.service import LabelService
from crm_store.lists import ListQuery
from crm_store.models import TicketPriority, TicketStatus, TicketType
from crm_store.tickets.service import (
    COMMENT_SORTS,
    TICKET_SORTS,
    SlaState,
    TicketChange,
    TicketFilter,
    TicketService,
)
from foundation.errors import Invalid
from gateway.auth.staff import Staff, StaffDep
from gateway.listing import listing
from gateway.paging import SearchText
from gateway.parts import Parts, PartsDep
from gateway.schemas import ListOf, list_of
from gateway.tickets.present import bulk_item, comment_view, ticket_detail, ticket_view
from gateway.tickets.schemas import (
    BulkAnswer,
    BulkEdit,
    CommentView,
    LabelIds,
    MergeInto,
    NewComment,
    NewTicket,
    TicketAssign,
    TicketDetailView,
    TicketEdit,
    TicketView,
)

router = APIRouter(prefix="/tickets", tags=["tickets"])

Number = Annotated[str, Path(max_length=40)]
TicketPage = Annotated[ListQuery, listing(TICKET_SORTS)]
CommentPage = Annotated[ListQuery, listing(COMMENT_SORTS)]


@router.get("")
def list_tickets(
    *,
    staff: StaffDep,
    parts: PartsDep,
    page: TicketPage,
    status: TicketStatus | None = None,
    type: TicketType | None = None,
    priority: TicketPriority | None = None,
    assignee: Literal["me", "none"] | UUID | None = None,
    label: UUID | None = None,
    customer_id: UUID | None = None,
    account_id: UUID | None = None,
    conversation_id: UUID | None = None,
    sla: SlaState | None = None,
    q: SearchText = None,
) -> ListOf[TicketView]:
    """Tickets, newest first; ``sort=due_at`` has those with a running clock, most urgent first."""
    wanted = TicketFilter(
        status=status,
        type=type,
        priority=priority,
        assignee=staff.user.id if assignee == "me" else assignee,
        label_id=label,
        customer_id=customer_id,
        account_id=account_id,
        conversation_id=conversation_id,
        sla=sla,
        q=q,
    )
    with parts.database.reading() as session:
        return list_of(TicketService(session).rows(wanted, page, asker=staff.asker), ticket_view)


@router.post("", status_code=201)
def open_ticket(body: NewTicket, staff: StaffDep, parts: PartsDep) -> TicketDetailView:
    """Open a ticket; the same ``client_id`` again gives the same one."""
    with parts.database.transaction() as session:
        ticket = TicketService(session).open(
            subject=body.subject,
            body=body.body,
            topic=body.topic or (body.type.value if body.type else "other"),
            type=body.type,
            priority=body.priority,
            customer_id=body.customer_id,
            conversation_id=body.conversation_id,
            order_id=body.order_id,
            idempotency_key=f"staff:{staff.user.id}:{body.client_id}",
            asker=staff.asker,
        )
    return _changed(parts, staff, ticket.number)


@router.post("/bulk")
def edit_tickets(body: BulkEdit, staff: StaffDep, parts: PartsDep) -> BulkAnswer:
    """Set the same on many tickets; each is changed wholly or not at all, and reported."""
    change = cast(TicketChange, body.change.model_dump(exclude_unset=True))
    with parts.database.transaction() as session:
        results = TicketService(session).edit_many(
            body.numbers,
            change,
            add_labels=body.add_labels,
            remove_labels=body.remove_labels,
            asker=staff.asker,
        )
    for result in results:
        if result.problem is None:
            parts.announcer.ticket_changed(result.number)
    return BulkAnswer(items=[bulk_item(result) for result in results])


@router.get("/{number}")
def get_ticket(number: Number, staff: StaffDep, parts: PartsDep) -> TicketDetailView:
    """One ticket by its number, with its history."""
    return _detail(parts, staff, number)


@router.patch("/{number}")
def edit_ticket(
    number: Number, body: TicketEdit, staff: StaffDep, parts: PartsDep
) -> TicketDetailView:
    """Set what is sent; 409 when somebody has changed the ticket since ``version``."""
    change = cast(TicketChange, body.model_dump(exclude_unset=True, exclude={"version"}))
    if not change:
        raise Invalid("body: nothing is to change")
    with parts.database.transaction() as session:
        TicketService(session).edit(number, change, version=body.version, asker=staff.asker)
    return _changed(parts, staff, number)


@router.post("/{number}/assign")
def assign_ticket(
    number: Number, body: TicketAssign, staff: StaffDep, parts: PartsDep
) -> TicketDetailView:
    """Give the ticket to a colleague, or to nobody."""
    with parts.database.transaction() as session:
        TicketService(session).edit(
            number, {"assignee_id": body.user_id}, version=body.version, asker=staff.asker
        )
    return _changed(parts, staff, number)


@router.get("/{number}/comments")
def list_comments(
    number: Number, staff: StaffDep, parts: PartsDep, page: CommentPage
) -> ListOf[CommentView]:
    """What was said about the ticket and its duplicates, oldest first."""
    with parts.database.reading() as session:
        found = TicketService(session).comments(number, page, asker=staff.asker)
        return list_of(found, comment_view)


@router.post("/{number}/comments", status_code=201)
def post_comment(
    number: Number, body: NewComment, staff: StaffDep, parts: PartsDep
) -> TicketDetailView:
    """Answer the customer, or leave a note; the same ``client_id`` again changes nothing."""
    with parts.database.transaction() as session:
        TicketService(session).comment(
            number,
            body.text,
            client_id=body.client_id,
            visibility=body.visibility,
            status=body.status,
            asker=staff.asker,
        )
    return _changed(parts, staff, number)


@router.post("/{number}/labels")
def label_ticket(
    number: Number, body: LabelIds, staff: StaffDep, parts: PartsDep
) -> TicketDetailView:
    """Let the ticket have exactly these labels."""
    with parts.database.transaction() as session:
        ticket = TicketService(session).by_number(number, asker=staff.asker)
        LabelService(session).label_ticket(ticket, body.label_ids, asker=staff.asker)
    return _changed(parts, staff, number)


@router.post("/{number}/merge")
def merge_tickets(
    number: Number, body: MergeInto, staff: StaffDep, parts: PartsDep
) -> TicketDetailView:
    """Let duplicates go on as this ticket; all or nothing, and it can be taken back."""
    with parts.database.transaction() as session:
        TicketService(session).merge(number, body.duplicates, asker=staff.asker)
    for duplicate in body.duplicates:
        parts.announcer.ticket_changed(duplicate)
    return _changed(parts, staff, number)


@router.post("/{number}/separate")
def separate_ticket(number: Number, staff: StaffDep, parts: PartsDep) -> TicketDetailView:
    """Take a merge back: the ticket stands again where it stood."""
    with parts.database.transaction() as session:
        TicketService(session).separate(number, asker=staff.asker)
    return _changed(parts, staff, number)


def _changed(parts: Parts, staff: Staff, number: str) -> TicketDetailView:
    """The ticket after a commit, of which open consoles are told."""
    view = _detail(parts, staff, number)
    parts.announcer.ticket_changed(view.number)
    return view


def _detail(parts: Parts, staff: Staff, number: str) -> TicketDetailView:
    with parts.database.reading() as session:
        return ticket_detail(TicketService(session).detail(number, asker=staff.asker))
