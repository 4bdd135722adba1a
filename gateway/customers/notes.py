"""``/api/v1/customers/{id}/interactions``: what staff write on a timeline."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field

from crm_store.interactions.notes import MAX_TEXT, NoteService, Written
from crm_store.models import InteractionKind
from gateway.auth.staff import StaffDep
from gateway.customers.schemas import TimelineEntry, timeline_entry
from gateway.parts import PartsDep

router = APIRouter(prefix="/customers/{customer_id}/interactions", tags=["customers"])

Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


class NewInteraction(BaseModel):
    """A note, call or e-mail; ``direction`` is ``in`` when it came from the customer."""

    kind: Literal["note", "call", "email"]
    text: Text
    at: AwareDatetime | None = None
    direction: Literal["in", "out"] | None = None
    conversation_id: UUID | None = None
    order_id: UUID | None = None


class InteractionEdit(BaseModel):
    text: Text


@router.post("", status_code=201)
def add_interaction(
    customer_id: UUID, body: NewInteraction, staff: StaffDep, parts: PartsDep
) -> TimelineEntry:
    """Put a note, a call or an e-mail on the customer's timeline."""
    written = Written(
        kind=InteractionKind(body.kind),
        text=body.text,
        at=body.at,
        direction=body.direction,
        conversation_id=body.conversation_id,
        order_id=body.order_id,
    )
    with parts.database.transaction() as session:
        return timeline_entry(NoteService(session).add(customer_id, written, asker=staff.asker))


@router.patch("/{interaction_id}")
def edit_interaction(
    customer_id: UUID,
    interaction_id: UUID,
    body: InteractionEdit,
    staff: StaffDep,
    parts: PartsDep,
) -> TimelineEntry:
    """Change the text; only who wrote it or an admin may."""
    with parts.database.transaction() as session:
        service = NoteService(session)
        return timeline_entry(
            service.edit(customer_id, interaction_id, body.text, asker=staff.asker)
        )


@router.delete("/{interaction_id}", status_code=204)
def delete_interaction(
    customer_id: UUID, interaction_id: UUID, staff: StaffDep, parts: PartsDep
) -> Response:
    """Take it off the timeline; only who wrote it or an admin may."""
    with parts.database.transaction() as session:
        NoteService(session).delete(customer_id, interaction_id, asker=staff.asker)
    return Response(status_code=204)
