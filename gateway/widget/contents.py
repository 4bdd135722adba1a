"""From what the widget sends to what is stored of it."""

from typing import Any

from crm_store.conversations.service import ConversationService, Posted
from crm_store.models import Attachment, Conversation, Message
from crm_store.sites.configuration import SiteConfiguration
from crm_store.sites.form_fields import Answers
from crm_store.turns import Lease
from foundation.errors import Invalid
from gateway.texts import clean_text
from gateway.widget.schemas import NewMessage


def store_message(
    service: ConversationService,
    conversation: Conversation,
    body: NewMessage,
    *,
    max_chars: int,
    lease: Lease | None = None,
) -> Posted:
    """Store a message of any kind as the customer's; ``lease`` may have its turn at once.

    Raises:
        Invalid: nothing in it, several things at once, or a button that was never offered.
        TooLarge: its text is longer than ``max_chars``.
    """
    if body.form is not None:
        if body.text or body.payload or body.attachment_id:
            raise Invalid("form: an answered form carries nothing else")
        values: Answers = dict(body.form.values)
        return service.answer_form(
            conversation.id, client_id=body.client_id, form_id=body.form.id, values=values
        )
    text, payload = _content(service, conversation, body, max_chars=max_chars)
    return service.post_customer_message(
        conversation.id,
        client_id=body.client_id,
        text=text,
        payload=payload,
        attachment_id=body.attachment_id,
        lease=lease,
    )


def store_greeting(
    service: ConversationService,
    sites: SiteConfiguration,
    conversation: Conversation,
    greeting_id: str | None,
) -> list[Message]:
    """The greeting that a first message answers; none when the site greets otherwise by now."""
    if greeting_id is None or conversation.last_seq:
        return []
    greeting = sites.of_visitors(conversation.site_id).greeting(greeting_id)
    noted = service.note_greeting(conversation.id, greeting) if greeting else None
    return [noted] if noted else []


def _content(
    service: ConversationService, conversation: Conversation, body: NewMessage, *, max_chars: int
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
    if body.attachment_id is None:
        return clean_text(body.text or "", max_chars=max_chars), None
    attachment = service.attachment(conversation.id, body.attachment_id)
    text = clean_text(body.text, max_chars=max_chars) if body.text else _file_text(attachment)
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
