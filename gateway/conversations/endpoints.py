"""``/api/v1/conversations``: the inbox and what may be done with a conversation."""

from collections.abc import Callable
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import FileResponse

from crm_store.conversations.service import ConversationService, ConversationSort
from crm_store.models import Author, ConversationStatus, Message, Owner, Visibility
from crm_store.permissions import Permission
from crm_store.sites.configuration import SiteConfiguration
from crm_store.users.service import UserService
from foundation.errors import Invalid
from gateway.auth.staff import Needs, Staff, StaffDep
from gateway.conversations.present import conversation_detail, conversation_view
from gateway.conversations.schemas import (
    AssignTo,
    ConversationDetail,
    ConversationView,
    NewAgentMessage,
    NewNote,
    ReleaseTo,
    StaffMessageEnvelope,
)
from gateway.paging import Cursor, Limit, SearchText
from gateway.parts import Parts, PartsDep
from gateway.schemas import ListOf, StaffMessage, list_of, staff_message
from gateway.texts import clean_text
from gateway.widget.files import attachment_response

router = APIRouter(prefix="/conversations", tags=["conversations"])

_PAGE = 200

Change = Callable[[ConversationService], object]


@router.get("")
def list_conversations(
    *,
    staff: StaffDep,
    parts: PartsDep,
    status: ConversationStatus | None = None,
    owner: Literal["bot", "queue", "agent", "me"] | None = None,
    q: SearchText = None,
    sort: ConversationSort = ConversationSort.NEWEST,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ListOf[ConversationView]:
    """The inbox, a page at a time; ``owner=me`` are the caller's own."""
    with parts.database.reading() as session:
        page = ConversationService(session).list(
            status=status,
            owner=staff.user.id if owner == "me" else Owner(owner) if owner else None,
            q=q or None,
            sort=sort,
            cursor=cursor,
            limit=limit,
            asker=staff.asker,
        )
        return list_of(page, conversation_view)


@router.get("/{conversation_id}")
def get_conversation(conversation_id: UUID, staff: StaffDep, parts: PartsDep) -> ConversationDetail:
    """One conversation with its brief and its history of owners."""
    return _detail(parts, staff, conversation_id)


@router.get("/{conversation_id}/messages")
def list_messages(
    conversation_id: UUID,
    staff: StaffDep,
    parts: PartsDep,
    after: Annotated[int, Query(ge=0, lt=2**31)] = 0,
) -> ListOf[StaffMessage]:
    """Messages and notes after a sequence number, oldest first."""
    with parts.database.reading() as session:
        service = ConversationService(session)
        service.get(conversation_id, asker=staff.asker)
        messages = service.messages(
            conversation_id, after=after, limit=_PAGE, audience=Visibility.NOTE
        )
    more = len(messages) == _PAGE
    return ListOf(
        items=[staff_message(message) for message in messages],
        next_cursor=str(messages[-1].seq) if more else None,
    )


@router.post("/{conversation_id}/messages", status_code=201)
def post_agent_message(
    conversation_id: UUID,
    body: NewAgentMessage,
    staff: StaffDep,
    parts: PartsDep,
) -> StaffMessageEnvelope:
    """Answer the customer, or send them a form; only who owns the conversation may."""
    if body.form_id is not None:
        return _post_form(parts, staff, conversation_id, body, form_id=body.form_id)
    return _post(
        parts, staff, conversation_id, text=body.text, client_id=body.client_id, note=body.note
    )


@router.post("/{conversation_id}/note", status_code=201)
def post_note(
    conversation_id: UUID, body: NewNote, staff: StaffDep, parts: PartsDep
) -> StaffMessageEnvelope:
    """Leave a note that only colleagues see."""
    return _post(parts, staff, conversation_id, text=body.text, client_id=body.client_id, note=True)


@router.post("/{conversation_id}/claim")
def claim_conversation(
    conversation_id: UUID, staff: StaffDep, parts: PartsDep
) -> ConversationDetail:
    """Take the conversation; from now on the caller answers and the bot is silent."""
    return _change(
        parts,
        staff,
        conversation_id,
        lambda service: service.claim(conversation_id, asker=staff.asker),
    )


@router.post("/{conversation_id}/assign")
def assign_conversation(
    conversation_id: UUID, body: AssignTo, staff: StaffDep, parts: PartsDep
) -> ConversationDetail:
    """Give the conversation to a colleague."""
    return _change(
        parts,
        staff,
        conversation_id,
        lambda service: service.assign(conversation_id, asker=staff.asker, to=body.user_id),
    )


@router.post("/{conversation_id}/release")
def release_conversation(
    conversation_id: UUID, body: ReleaseTo, staff: StaffDep, parts: PartsDep
) -> ConversationDetail:
    """Give the conversation back to the bot or to the queue."""
    return _change(
        parts,
        staff,
        conversation_id,
        lambda service: service.release(conversation_id, asker=staff.asker, to=body.to),
    )


@router.post("/{conversation_id}/resolve")
def resolve_conversation(
    conversation_id: UUID, staff: StaffDep, parts: PartsDep
) -> ConversationDetail:
    """The matter is settled; the customer's next message opens the conversation again."""
    return _change(
        parts,
        staff,
        conversation_id,
        lambda service: service.resolve(conversation_id, asker=staff.asker),
    )


@router.post("/{conversation_id}/reopen")
def reopen_conversation(
    conversation_id: UUID, staff: StaffDep, parts: PartsDep
) -> ConversationDetail:
    """The matter is not settled after all."""
    return _change(
        parts,
        staff,
        conversation_id,
        lambda service: service.reopen(conversation_id, asker=staff.asker),
    )


@router.post(
    "/{conversation_id}/typing",
    status_code=204,
    dependencies=[Depends(Needs(Permission.CONVERSATIONS_WRITE))],
)
def agent_is_typing(conversation_id: UUID, staff: StaffDep, parts: PartsDep) -> Response:
    """Show the customer that somebody types."""
    with parts.database.reading() as session:
        ConversationService(session).get(conversation_id, asker=staff.asker)
    parts.announcer.typing(
        conversation_id, author=Author.AGENT, on=True, to="customer", name=staff.user.name
    )
    return Response(status_code=204)


@router.get("/{conversation_id}/attachments/{attachment_id}", response_class=FileResponse)
def download_attachment(
    conversation_id: UUID, attachment_id: UUID, staff: StaffDep, parts: PartsDep
) -> FileResponse:
    """A file that the customer sent."""
    with parts.database.reading() as session:
        service = ConversationService(session)
        service.get(conversation_id, asker=staff.asker)
        attachment = service.attachment(conversation_id, attachment_id)
    return attachment_response(parts, attachment)


def _post(
    parts: Parts, staff: Staff, conversation_id: UUID, *, text: str, client_id: str, note: bool
) -> StaffMessageEnvelope:
    text = clean_text(text, max_chars=parts.settings.max_message_chars)
    with parts.database.transaction() as session:
        message = ConversationService(session).post_agent_message(
            conversation_id, asker=staff.asker, text=text, client_id=client_id, note=note
        )
    return _posted(parts, message)


def _post_form(
    parts: Parts, staff: Staff, conversation_id: UUID, body: NewAgentMessage, *, form_id: str
) -> StaffMessageEnvelope:
    if body.note:
        raise Invalid("form_id: a note asks the customer nothing")
    limit = parts.settings.max_message_chars
    text = clean_text(body.text, max_chars=limit) if body.text.strip() else None
    with parts.database.transaction() as session:
        message = ConversationService(session).post_form(
            conversation_id,
            asker=staff.asker,
            form_id=form_id,
            text=text,
            client_id=body.client_id,
        )
    return _posted(parts, message)


def _posted(parts: Parts, message: Message) -> StaffMessageEnvelope:
    parts.announcer.messages([message])
    parts.announcer.conversation_changed(message.conversation_id, owner_changed=False)
    return StaffMessageEnvelope(message=staff_message(message))


def _change(
    parts: Parts, staff: Staff, conversation_id: UUID, change: Change
) -> ConversationDetail:
    """Apply a change, commit, and tell everybody whom it concerns."""
    with parts.database.transaction() as session:
        service = ConversationService(session)
        before = service.get(conversation_id, asker=staff.asker).last_seq
        change(service)
    with parts.database.reading() as session:
        written: list[Message] = ConversationService(session).messages(
            conversation_id, after=before, audience=Visibility.NOTE
        )
    parts.announcer.messages(written)
    parts.announcer.conversation_changed(conversation_id, owner_changed=True)
    parts.dispatcher.wake()  # given back to the bot, a message may be waiting
    return _detail(parts, staff, conversation_id)


def _detail(parts: Parts, staff: Staff, conversation_id: UUID) -> ConversationDetail:
    with parts.database.reading() as session:
        service = ConversationService(session)
        row = service.row(conversation_id, asker=staff.asker)
        return conversation_detail(
            row,
            brief=service.brief(conversation_id),
            events=service.events(conversation_id),
            names={user.id: user.name for user in UserService(session).list(asker=staff.asker)},
            visitor=service.visitor_detail(conversation_id),
            settings=SiteConfiguration(session).of_visitors(row.conversation.site_id),
        )
