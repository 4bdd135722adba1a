"""``/api/v1/widget/sessions/…``: a running session learns who is there, or is left."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from crm_store.conversations.service import ConversationService
from crm_store.customers.service import CustomerService
from crm_store.sites.service import SiteService
from gateway.parts import PartsDep
from gateway.widget.schemas import StartedSession, started_session
from gateway.widget.state import conversation_state
from gateway.widget.visitors import SessionToken, address_of

router = APIRouter(prefix="/widget/sessions", tags=["widget"])


class SignedIdentity(BaseModel):
    """Who is there, signed by the host; ``browser_key`` lets this browser present it again."""

    identity: str = Field(min_length=1, max_length=4_096)
    browser_key: str | None = Field(None, min_length=16, max_length=128)


@router.post("/identify", status_code=201)
def identify_widget_session(
    body: SignedIdentity, request: Request, token: SessionToken, parts: PartsDep
) -> StartedSession:
    """The visitor has logged in: what a guest said becomes the customer's, under a new token.

    The old token is dead at once. A conversation that another customer is in is not taken over.
    """
    detail = "Too many identities were presented here."
    parts.session_rate.take(address_of(request), detail=detail)
    with parts.database.transaction() as session:
        service, sites = ConversationService(session), SiteService(session)
        conversation, visitor = service.by_session_token(token)
        left = conversation.id
        site = sites.in_service(conversation.site_id)
        identity = sites.redeem_identity(site, body.identity, browser_key=body.browser_key)
        customer = CustomerService(session).from_host(site, identity)
        started = service.identify(visitor, customer=customer, hours=parts.settings.session_hours)
        state = conversation_state(session, started.conversation.id)
    parts.announcer.sessions_ended(left, started.ended)
    parts.announcer.conversation_changed(
        started.conversation.id, owner_changed=False, was_verified=False
    )
    return started_session(started, state)


@router.post("/reset", status_code=204)
def reset_widget_session(token: SessionToken, parts: PartsDep) -> None:
    """The visitor has logged out: the token is dead at once, and its sockets are closed."""
    with parts.database.transaction() as session:
        service = ConversationService(session)
        conversation, visitor = service.by_session_token(token)
        service.end(visitor)
    parts.announcer.sessions_ended(conversation.id, [visitor.id])
