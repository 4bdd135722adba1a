"""What a visitor and the host's page say of the visitor. Unproven, for staff to read."""

import math
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crm_store.conversations.base import ConversationPart
from crm_store.customers.contacts import normalise_email
from crm_store.models import Customer, VisitorDetail
from crm_store.sites.form_fields import Answers
from crm_store.texts import shorten, storable
from foundation.clock import utc_now
from foundation.errors import InvalidFields

MAX_ATTRIBUTES = 20
_NAME_CHARS = 40
_VALUE_CHARS = 200
_PAGE_CHARS = 200
_MOST = 2**53


class VisitorDetails(ConversationPart):
    """Kept beside the conversation; never used to find, link or merge anybody."""

    def visitor_detail(self, conversation_id: UUID) -> VisitorDetail | None:
        """What is known, if anything."""
        return self._session.scalar(
            select(VisitorDetail).where(VisitorDetail.conversation_id == conversation_id)
        )

    def note_answers(self, conversation_id: UUID, answers: Answers) -> None:
        """Keep answers that were checked against the site's fields; later ones replace earlier."""
        if answers:
            detail = self._detail(conversation_id)
            detail.answers = {**(detail.answers or {}), **answers}
            self._session.flush()

    def note_page(self, conversation_id: UUID, *, path: str, title: str) -> None:
        """Keep where the visitor is; what follows ``?`` or ``#`` may hold secrets and is cut."""
        path = shorten(storable(path).split("?")[0].split("#")[0], _PAGE_CHARS)
        detail = self._detail(conversation_id)
        detail.page = {"path": path, "title": shorten(storable(title), _PAGE_CHARS)}
        self._session.flush()

    def set_attributes(self, conversation_id: UUID, attributes: Mapping[str, Any]) -> None:
        """Set what the host's page tells; None takes one away.

        Raises:
            InvalidFields: a name or a value is not acceptable, or there are too many.
        """
        wrong = {
            f"attributes.{name}"[:120]: why
            for name, value in attributes.items()
            if (why := _wrong(name, value)) is not None
        }
        if wrong:
            raise InvalidFields(wrong)
        detail = self._detail(conversation_id)
        merged = {**(detail.attributes or {}), **{n: _clean(v) for n, v in attributes.items()}}
        merged = {name: value for name, value in merged.items() if value is not None}
        if len(merged) > MAX_ATTRIBUTES:
            raise InvalidFields({"attributes": f"at most {MAX_ATTRIBUTES}"})
        detail.attributes = merged or None
        self._session.flush()

    def set_locale(self, conversation_id: UUID, locale: str) -> None:
        """Note the language that the widget speaks from now on; the assistant is told."""
        self._conversations.describe(conversation_id, locale=locale)

    def address_of(self, conversation_id: UUID) -> str | None:
        """Where an e-mail to this visitor may go: a verified customer's address, or the one given.

        The given one was typed by whoever is in the chat, and is good for what is theirs: what is
        said in this chat.
        """
        conversation = self._conversations.get(conversation_id)
        if conversation.customer_id is not None and conversation.verified_at is not None:
            customer = self._session.get(Customer, conversation.customer_id)
            if customer is not None and customer.email:
                return customer.email
        detail = self.visitor_detail(conversation_id)
        given = (detail.answers or {}).get("email") if detail else None
        return normalise_email(given) if isinstance(given, str) else None

    def _detail(self, conversation_id: UUID) -> VisitorDetail:
        """The row, made if there is none; the conversation's lock lets writers take turns."""
        self._conversations.lock(conversation_id)
        detail = self.visitor_detail(conversation_id)
        if detail is None:
            detail = VisitorDetail(conversation_id=conversation_id)
            self._session.add(detail)
        detail.updated_at = utc_now()
        return detail


def _wrong(name: str, value: Any) -> str | None:
    if not 1 <= len(name) <= _NAME_CHARS or not name.isprintable() or storable(name) != name:
        return f"a name has 1 to {_NAME_CHARS} characters"
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        return f"at most {_VALUE_CHARS} characters" if len(value) > _VALUE_CHARS else None
    if isinstance(value, int | float):
        return None if math.isfinite(value) and abs(value) <= _MOST else "not a usable number"
    return "a text, a number, true or false"


def _clean(value: Any) -> Any:
    return shorten(storable(value), _VALUE_CHARS) if isinstance(value, str) else value
