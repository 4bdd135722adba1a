"""``/api/v1/widget``: sessions and messages."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response

from crm_store.conversations.service import ConversationService
from crm_store.customers.service import CustomerService
from crm_store.models import (
    Attachment,
    Author,
    Conversation,
    ConversationStatus,
    Site,
    Visibility,
)
from crm_store.sites.errors import IdentityRequired, OriginNotAllowed
from crm_store.sites.service import SiteService
from foundation.errors import Invalid
from foundation.ids import token_digest
from gateway.http.origins import is_own_origin
from gateway.parts import Parts, PartsDep
from gateway.schemas import public_message
from gateway.texts import clean_text
from gateway.widget.schemas import (
    CsatView,
    MessageEnvelope,
    MessageList,
    NewCsat,
    NewMessage,
    NewSession,
    SocketTicketView,
    StartedSession,
    TranscriptText,
    started_session,
)
from gateway.widget.state import conversation_state
from gateway.widget.visitors import SessionToken, address_of

router = APIRouter(prefix="/widget", tags=["widget"])

_PAGE = 200


@router.post("/sessions", status_code=201)
def start_widget_session(
    body: NewSession,
    request: Request,
    parts: PartsDep,
    origin: Annotated[str | None, Header()] = None,
) -> StartedSession:
    """Start a conversation, or resume the open one of a customer whom the host vouches for."""
    detail = "Too many conversations were started here."
    parts.session_rate.take(address_of(request), detail=detail)
    parts.site_session_rate.take(body.site_key, detail=detail)
    with parts.database.transaction() as session:
        sites = SiteService(session)
        site = sites.by_key(body.site_key)
        _check_origin(site, origin, request.headers.get("host"))
        customer = None
        if site.identity_required and not body.identity:
            raise IdentityRequired
        if body.identity:
            identity = sites.redeem_identity(site, body.identity, browser_key=body.browser_key)
            customer = CustomerService(session).from_host(site, identity)
        started = ConversationService(session).start(
            site,
            customer=customer,
            verified_by="host" if customer else None,
            hours=parts.settings.session_hours,
        )
        state = conversation_state(session, started.conversation.id)
    return started_session(started, state)


@router.post("/messages", status_code=201, responses={200: {"model": MessageEnvelope}})
def send_widget_message(
    body: NewMessage, token: SessionToken, parts: PartsDep, response: Response
) -> MessageEnvelope:
    """Take a message. When this has answered, the message is stored and will be answered once."""
    parts.message_rate.take(token_digest(token), detail="These are too many messages at once.")
    with parts.database.transaction() as session:
        service = ConversationService(session)
        conversation, _ = service.by_session_token(token)
        text, payload = _content(service, conversation, body, parts)
        reopens = conversation.status is not ConversationStatus.OPEN
        posted = service.post_customer_message(
            conversation.id,
            client_id=body.client_id,
            text=text,
            payload=payload,
            attachment_id=body.attachment_id,
        )
    if posted.created:
        parts.dispatcher.wake(posted.message.id)
        parts.announcer.messages([posted.message])
        parts.announcer.conversation_changed(conversation.id, owner_changed=reopens)
    else:
        response.status_code = 200
    return MessageEnvelope(message=public_message(posted.message))


@router.get("/messages")
def list_widget_messages(
    token: SessionToken, parts: PartsDep, after: Annotated[int, Query(ge=0, lt=2**31)] = 0
) -> MessageList:
    """Messages after a sequence number, oldest first, and how the conversation stands."""
    with parts.database.reading() as session:
        service = ConversationService(session)
        conversation, _ = service.by_session_token(token)
        messages = service.messages(
            conversation.id, after=after, limit=_PAGE, audience=Visibility.PUBLIC
        )
        state = conversation_state(session, conversation.id)
    more = len(messages) == _PAGE
    return MessageList(
        items=[public_message(message) for message in messages],
        next_cursor=str(messages[-1].seq) if more else None,
        conversation=state,
    )


@router.post("/ws-ticket")
def issue_widget_ticket(token: SessionToken, parts: PartsDep) -> SocketTicketView:
    """A ticket that opens one socket within 30 s; it may stand in an address, a token may not."""
    with parts.database.transaction() as session:
        service = ConversationService(session)
        _, visitor = service.by_session_token(token)
        return SocketTicketView(ticket=service.issue_ticket(visitor=visitor))


@router.post("/typing", status_code=204)
def customer_is_typing(token: SessionToken, parts: PartsDep) -> None:
    """Tell whoever watches the conversation that the customer types."""
    with parts.database.reading() as session:
        conversation, _ = ConversationService(session).by_session_token(token)
    parts.announcer.typing(conversation.id, author=Author.CUSTOMER, on=True, to="staff")


@router.post("/csat")
def rate_conversation(body: NewCsat, token: SessionToken, parts: PartsDep) -> CsatView:
    """Grade the conversation from 1 to 5; a later grade replaces an earlier one."""
    # Each is written down on the timeline.
    parts.message_rate.take(token_digest(token), detail="That was graded very often.")
    comment = body.comment and clean_text(body.comment, max_chars=2_000)
    with parts.database.transaction() as session:
        service = ConversationService(session)
        conversation, _ = service.by_session_token(token)
        service.set_csat(conversation.id, score=body.score, comment=comment)
    return CsatView(score=body.score, comment=comment)


@router.post("/transcript")
def widget_transcript(token: SessionToken, parts: PartsDep) -> TranscriptText:
    """The conversation as text, for the customer to keep."""
    with parts.database.reading() as session:
        service = ConversationService(session)
        conversation, _ = service.by_session_token(token)
        text = service.transcript(conversation.id, audience=Visibility.PUBLIC)
    day = conversation.created_at.date().isoformat()
    return TranscriptText(filename=f"conversation-{day}.txt", text=text)


def _content(
    service: ConversationService, conversation: Conversation, body: NewMessage, parts: Parts
) -> tuple[str, dict[str, Any] | None]:
    """The text to store and the payload beside it."""
    if body.payload is not None:
        if body.attachment_id is not None:
            raise Invalid("payload: a chosen button cannot carry a file")
        # A payload is an instruction to the dialogue. Taking any would let a visitor skip the
        # questions that guard an action.
        button = service.offered(conversation.id, body.payload)
        if button is None:
            raise Invalid("payload: not a button of this conversation")
        title = str(button.get("title") or body.payload)
        return title, {"button": {"title": title, "payload": body.payload}}
    limit = parts.settings.max_message_chars
    if body.attachment_id is None:
        return clean_text(body.text or "", max_chars=limit), None
    attachment = service.attachment(conversation.id, body.attachment_id)
    text = clean_text(body.text, max_chars=limit) if body.text else _file_text(attachment)
    return text, {"attachment": _file_payload(attachment)}


def _file_text(attachment: Attachment) -> str:
    return f"I sent a file: {attachment.filename}"


def _file_payload(attachment: Attachment) -> dict[str, Any]:
    return {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "content_type": attachment.content_type,
        "size": attachment.size,
    }


def _check_origin(site: Site, origin: str | None, host: str | None) -> None:
    """A browser names the page that asks; other callers have no page and need none."""
    if origin is None or is_own_origin(origin, host) or origin in site.origins:
        return
    raise OriginNotAllowed
