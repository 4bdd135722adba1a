"""``/api/v1/widget``: sessions and messages."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from crm_store.conversations.service import ConversationService
from crm_store.customers.service import CustomerService
from crm_store.models import Author, ConversationStatus, Visibility
from crm_store.outreach.delivery import Delivery, Due
from crm_store.sites.configuration import SiteConfiguration
from crm_store.sites.errors import IdentityRequired
from crm_store.sites.service import SiteService
from foundation.ids import token_digest
from gateway.parts import PartsDep
from gateway.schemas import public_message
from gateway.texts import clean_text
from gateway.widget.arrivals import read_arrival
from gateway.widget.contents import store_greeting, store_message
from gateway.widget.page_origin import require_origin
from gateway.widget.schemas import (
    CsatView,
    MessageEnvelope,
    MessageList,
    NewCsat,
    NewMessage,
    NewSession,
    SocketTicketView,
    StartedSession,
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
        require_origin(site, origin, request.headers.get("host"))
        arrival = read_arrival(site, body, known=body.identity is not None)
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
        arrival.note(ConversationService(session), started.conversation.id)
        said = None
        if customer is not None:
            said = Delivery(session).deliver(Due(customer.id, started.conversation.id))
        state = conversation_state(session, started.conversation.id)
    if said is not None:
        parts.announcer.messages([said])
    return started_session(started, state)


@router.post("/messages", status_code=201, responses={200: {"model": MessageEnvelope}})
def send_widget_message(
    body: NewMessage, token: SessionToken, parts: PartsDep, response: Response
) -> MessageEnvelope:
    """Take a message. When this has answered, the message is stored and will be answered once."""
    parts.message_rate.take(token_digest(token), detail="These are too many messages at once.")
    with parts.dispatcher.offer() as offer:
        with parts.database.transaction() as session:
            service = ConversationService(session)
            conversation, _ = service.by_session_token(token)
            reopens = conversation.status is not ConversationStatus.OPEN
            greeted = store_greeting(
                service, SiteConfiguration(session), conversation, body.greeting_id
            )
            limit = parts.settings.max_message_chars
            posted = store_message(service, conversation, body, max_chars=limit, lease=offer.lease)
            if posted.created and conversation.verified_at is not None:
                Delivery(session).note_answer(conversation.id, posted.message)
        offer.work = posted.work
    if posted.created:
        if posted.work is None:
            parts.dispatcher.wake(posted.message.id)
        parts.announcer.messages([*greeted, posted.message])
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
