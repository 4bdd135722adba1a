"""Forms inside a conversation: sent by staff or the assistant, answered once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select

from crm_store.asking import AsStaff
from crm_store.conversations.errors import FormAnswered, FormNotFound
from crm_store.conversations.messages import Messages, Posted
from crm_store.models import Author, Message, Site, Visibility
from crm_store.sites.form_fields import FormField, in_words, pick, read_answers
from crm_store.sites.settings import ChatForm, SiteSettings
from foundation.errors import Invalid

_LOOKED_BACK = 200


class Forms(Messages):
    """Messages whose payload is a form, and their answers."""

    def post_form(
        self,
        conversation_id: UUID,
        *,
        asker: AsStaff,
        form_id: str,
        text: str | None,
        client_id: str,
    ) -> Message:
        """Ask the customer to fill in one of the site's forms, in their language.

        Args:
            conversation_id: the asker's.
            asker: who owns the conversation.
            form_id: as the site's settings name it.
            text: goes with it; None is the form's title.
            client_id: the sender's own key of the message.

        Raises:
            FormNotFound: the site has no such form.
            NotAllowed, NotTheOwner, Invalid: as for ``post_agent_message``.
        """
        conversation = self._conversations.get(conversation_id)
        site = self._session.get_one(Site, conversation.site_id)
        form = SiteSettings.read(site.settings).form(form_id)
        if form is None:
            raise FormNotFound
        locale = conversation.locale or "en"
        return self.post_agent_message(
            conversation_id,
            asker=asker,
            text=text or pick(form.title, locale),
            client_id=client_id,
            payload=form_payload(form, locale),
        )

    def answer_form(
        self,
        conversation_id: UUID,
        *,
        client_id: str,
        form_id: str,
        values: Mapping[str, Any],
    ) -> Posted:
        """Store the customer's answer to the newest form of this id as a message of theirs.

        Its text reads like the form; ``payload.form_answer`` holds the values, and the form's own
        message says from now on that it is answered.

        Raises:
            FormNotFound: nobody has sent such a form here.
            FormAnswered: it was answered before, with another ``client_id``.
            InvalidFields: answers that do not fit, by field.
        """
        conversation = self._conversations.lock(conversation_id)
        earlier = self._sent_before(conversation_id, client_id, Author.CUSTOMER)
        if earlier is not None:
            return Posted(earlier, created=False)
        asked = self._asked(conversation_id, form_id)
        payload = asked.payload or {}
        form = payload["form"]
        if form.get("answered"):
            raise FormAnswered
        fields = form_fields(form)
        answers = read_answers(fields, values)
        text = in_words(fields, answers, conversation.locale or "en")
        if not text:
            raise Invalid("form: nothing is filled in")
        answer = {"id": form_id, "message_id": str(asked.id), "values": answers}
        asked.payload = {**payload, "form": {**form, "answered": True}}
        return self.post_customer_message(
            conversation_id, client_id=client_id, text=text, payload={"form_answer": answer}
        )

    def _asked(self, conversation_id: UUID, form_id: str) -> Message:
        """The newest message with this form; payloads may be encrypted, so they are read here."""
        messages = self._session.scalars(
            select(Message)
            .where(
                Message.conversation_id == conversation_id,
                Message.author.in_((Author.BOT, Author.AGENT)),
                Message.visibility == Visibility.PUBLIC,
                Message.payload.is_not(None),
            )
            .order_by(Message.seq.desc())
            .limit(_LOOKED_BACK)
        )
        for message in messages:
            form = (message.payload or {}).get("form")
            if isinstance(form, dict) and form.get("id") == form_id:
                return message
        raise FormNotFound


def form_payload(form: ChatForm, locale: str) -> dict[str, Any]:
    """The payload of a message that asks for this form, in the visitor's language."""
    return {
        "form": {
            "id": form.id,
            "title": pick(form.title, locale),
            "fields": [field.model_dump(mode="json") for field in form.fields],
            "submit": pick(form.submit, locale),
            "answered": False,
        }
    }


def form_fields(form: Mapping[str, Any]) -> list[FormField]:
    """The fields of a form as it stands in a message.

    Raises:
        Invalid: they are not fields; the assistant may have sent anything.
    """
    try:
        return [FormField.model_validate(field) for field in form.get("fields") or []]
    except (ValidationError, TypeError):
        raise Invalid("form: it cannot be answered") from None
