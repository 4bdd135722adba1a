"""``/api/v1/widget/{attributes,locale,end}``: what the page tells of its visitor."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from crm_store.conversations.service import ConversationService
from crm_store.models import Author, Visibility
from crm_store.sites.configuration import SiteConfiguration
from crm_store.sites.form_fields import Locale
from foundation.ids import token_digest
from gateway.parts import PartsDep
from gateway.widget.schemas import ConversationState
from gateway.widget.state import conversation_state
from gateway.widget.visitors import SessionToken

router = APIRouter(prefix="/widget", tags=["widget"])

_TOO_OFTEN = "That was changed very often."
AttributeName = Annotated[str, Field(max_length=40)]
# What browsers can count exactly, and what JSON can say.
_Whole = Annotated[StrictInt, Field(ge=-(2**53), le=2**53)]
_Real = Annotated[StrictFloat, Field(allow_inf_nan=False)]
Attribute = StrictBool | _Whole | _Real | Annotated[StrictStr, Field(max_length=200)]


class NewAttributes(BaseModel):
    """What the host's page knows; null takes an attribute away."""

    attributes: dict[AttributeName, Attribute | None] = Field(max_length=20)


class NewLocale(BaseModel):
    locale: Locale


@router.post("/attributes", status_code=204)
def set_visitor_attributes(body: NewAttributes, token: SessionToken, parts: PartsDep) -> None:
    """Tell staff what the page knows of the visitor; shown as unproven, and nothing follows."""
    parts.message_rate.take(token_digest(token), detail=_TOO_OFTEN)
    with parts.database.transaction() as session:
        service = ConversationService(session)
        conversation, _ = service.by_session_token(token)
        service.set_attributes(conversation.id, body.attributes)
    parts.announcer.conversation_changed(conversation.id, owner_changed=False)


@router.post("/locale", status_code=204)
def set_visitor_locale(body: NewLocale, token: SessionToken, parts: PartsDep) -> None:
    """Say which language the widget speaks from now on: the nearest that the site offers."""
    parts.message_rate.take(token_digest(token), detail=_TOO_OFTEN)
    with parts.database.transaction() as session:
        service = ConversationService(session)
        conversation, _ = service.by_session_token(token)
        settings = SiteConfiguration(session).of_visitors(conversation.site_id)
        service.set_locale(conversation.id, settings.offered(body.locale))


@router.post("/end")
def end_conversation(token: SessionToken, parts: PartsDep) -> ConversationState:
    """The customer needs nothing more; their next message opens the conversation again."""
    parts.message_rate.take(token_digest(token), detail=_TOO_OFTEN)
    with parts.database.transaction() as session:
        service = ConversationService(session)
        conversation, _ = service.by_session_token(token)
        before = conversation.last_seq
        service.close(conversation.id, actor=Author.CUSTOMER)
        state = conversation_state(session, conversation.id)
        written = service.messages(conversation.id, after=before, audience=Visibility.PUBLIC)
    parts.announcer.messages(written)
    parts.announcer.conversation_changed(conversation.id, owner_changed=True)
    return state
