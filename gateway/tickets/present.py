"""From rows of the store to what staff see of a ticket."""

from collections.abc import Mapping
from uuid import UUID

from crm_store.models import Customer, Label, SlaClock, Ticket, TicketComment, TicketEvent, User
from crm_store.tickets.bulk import BulkResult
from crm_store.tickets.service import TicketDetail, TicketRow
from gateway.tickets.schemas import (
    BulkItem,
    ClockView,
    CommentView,
    LabelRef,
    PersonRef,
    TicketDetailView,
    TicketEventView,
    TicketView,
)


def ticket_view(row: TicketRow) -> TicketView:
    """A row of the list."""
    ticket = row.ticket
    return TicketView(
        id=ticket.id,
        number=ticket.number,
        version=ticket.version,
        subject=ticket.subject,
        body=ticket.body,
        topic=ticket.topic,
        type=ticket.type,
        status=ticket.status,
        priority=ticket.priority,
        customer_id=ticket.customer_id,
        customer=_person(row.customer),
        conversation_id=ticket.conversation_id,
        order_id=ticket.order_id,
        assignee=_person(row.assignee),
        labels=[label_ref(label) for label in row.labels],
        clocks=[_clock(clock) for clock in row.clocks],
        due_at=ticket.due_at,
        answered_at=ticket.answered_at,
        solved_at=ticket.solved_at,
        reopened=ticket.reopened,
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
    )


def ticket_detail(detail: TicketDetail) -> TicketDetailView:
    """One ticket with its history."""
    return TicketDetailView(
        **ticket_view(detail.row).model_dump(),
        events=[_event(event, detail.names) for event in detail.events],
        duplicates=[ticket.number for ticket in detail.duplicates],
        merged_into=detail.merged_into,
    )


def comment_view(row: tuple[TicketComment, Ticket, User | None]) -> CommentView:
    """A comment with the number of the ticket that it was written on."""
    comment, ticket, user = row
    return CommentView(
        id=comment.id,
        ticket=ticket.number,
        author=comment.author,
        user=_person(user),
        visibility=comment.visibility,
        text=comment.text,
        at=comment.at,
    )


def bulk_item(result: BulkResult) -> BulkItem:
    """What became of one ticket."""
    problem = result.problem
    return BulkItem(
        number=result.number,
        changed=problem is None,
        code=problem.code if problem else None,
        detail=problem.detail if problem else None,
    )


def label_ref(label: Label) -> LabelRef:
    """A label as a chip."""
    return LabelRef(id=label.id, name=label.name, tone=label.tone)


def _person(row: Customer | User | None) -> PersonRef | None:
    return PersonRef(id=row.id, name=row.name) if row else None


def _clock(clock: SlaClock) -> ClockView:
    return ClockView(
        kind=clock.kind,
        state=clock.state,
        target_minutes=clock.target_minutes,
        spent_seconds=clock.spent_seconds,
        due_at=clock.due_at,
        stopped_at=clock.stopped_at,
        breached_at=clock.breached_at,
    )


def _event(event: TicketEvent, names: Mapping[UUID, str]) -> TicketEventView:
    data = dict(event.data) if event.data else None
    if event.kind == "assignee" and data:  # ids mean nothing to people
        data = {
            key: names.get(UUID(value), "Former colleague") if value else None
            for key, value in data.items()
        }
    return TicketEventView(
        kind=event.kind,
        version=event.version,
        actor=event.actor,
        user=PersonRef(id=event.user_id, name=names.get(event.user_id, "Former colleague"))
        if event.user_id
        else None,
        data=data,
        at=event.at,
    )
