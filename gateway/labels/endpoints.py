"""``/api/v1/labels``, and the labels of a conversation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from crm_store.conversations.service import ConversationService
from crm_store.labels.service import LABEL_SORTS, LabelService
from crm_store.lists import ListQuery
from gateway.auth.staff import StaffDep
from gateway.labels.schemas import LabelEdit, LabelsWanted, LabelView, NewLabel
from gateway.listing import listing
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of

router = APIRouter(tags=["labels"])

LabelPage = Annotated[ListQuery, listing(LABEL_SORTS)]


@router.get("/labels")
def list_labels(staff: StaffDep, parts: PartsDep, page: LabelPage) -> ListOf[LabelView]:
    """Labels, by name."""
    with parts.database.reading() as session:
        found = LabelService(session).list(page, asker=staff.asker)
        return list_of(found, LabelView.model_validate)


@router.post("/labels", status_code=201)
def add_label(body: NewLabel, staff: StaffDep, parts: PartsDep) -> LabelView:
    """A new label."""
    with parts.database.transaction() as session:
        label = LabelService(session).add(**body.model_dump(), asker=staff.asker)
        return LabelView.model_validate(label)


@router.put("/labels/{label_id}")
def change_label(label_id: UUID, body: LabelEdit, staff: StaffDep, parts: PartsDep) -> LabelView:
    """Rename or recolour a label wherever it is."""
    with parts.database.transaction() as session:
        label = LabelService(session).change(label_id, **body.model_dump(), asker=staff.asker)
        return LabelView.model_validate(label)


@router.delete("/labels/{label_id}", status_code=204)
def remove_label(label_id: UUID, staff: StaffDep, parts: PartsDep) -> Response:
    """Take a label off everything and forget it."""
    with parts.database.transaction() as session:
        LabelService(session).remove(label_id, asker=staff.asker)
    return Response(status_code=204)


@router.get("/conversations/{conversation_id}/labels")
def list_conversation_labels(
    conversation_id: UUID, staff: StaffDep, parts: PartsDep
) -> ListOf[LabelView]:
    """The conversation's labels, by name."""
    with parts.database.reading() as session:
        ConversationService(session).get(conversation_id, asker=staff.asker)
        found = LabelService(session).on_conversation(conversation_id, asker=staff.asker)
        return ListOf(items=[LabelView.model_validate(label) for label in found])


@router.post("/conversations/{conversation_id}/label")
def label_conversation(
    conversation_id: UUID, body: LabelsWanted, staff: StaffDep, parts: PartsDep
) -> ListOf[LabelView]:
    """Let the conversation have exactly these labels."""
    with parts.database.transaction() as session:
        found = LabelService(session).label_conversation(
            conversation_id, body.label_ids, asker=staff.asker
        )
        views = [LabelView.model_validate(label) for label in found]
    parts.announcer.conversation_changed(conversation_id, owner_changed=False)
    return ListOf(items=views)
