"""What staff put on a timeline themselves: notes, calls, e-mails."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import Asker, AsStaff, user_of
from crm_store.audit import record
from crm_store.customers.scope import find_customer
from crm_store.models import Conversation, Interaction, InteractionKind, Order, Role
from crm_store.permissions import Permission, require
from crm_store.texts import shorten, storable
from foundation.clock import utc_now
from foundation.errors import Invalid, NotAllowed, NotFound

WRITTEN = (InteractionKind.NOTE, InteractionKind.CALL, InteractionKind.EMAIL)
MAX_TEXT = 10_000
_SUMMARY_CHARS = 500
_CLOCKS_DIFFER = timedelta(minutes=5)
_DIRECTIONS = {"in", "out"}


@dataclass(frozen=True, slots=True)
class Written:
    """A note, a call or an e-mail.

    Attributes:
        kind: one of ``WRITTEN``.
        text: what was said or noted.
        at: when it happened; now when None.
        direction: of a call or e-mail: ``in`` from the customer, ``out`` to them.
        conversation_id: the customer's chat that it belongs to.
        order_id: the customer's order that it is about.
    """

    kind: InteractionKind
    text: str
    at: datetime | None = None
    direction: str | None = None
    conversation_id: UUID | None = None
    order_id: UUID | None = None


class NoteService:
    """Adds entries to timelines; who wrote one, or an admin, changes or deletes it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, customer_id: UUID, written: Written, *, asker: Asker) -> Interaction:
        """Put an entry on the customer's timeline.

        Raises:
            NotAllowed: the asker may not change customers.
            CustomerNotFound: absent, or outside the asker's scope.
            Invalid: the kind, the text, the time or a link is not acceptable.
        """
        require(asker, Permission.CUSTOMERS_WRITE)
        customer = find_customer(self._session, customer_id, asker=asker)
        if written.kind not in WRITTEN:
            raise Invalid("kind: note, call or email")
        if written.direction is not None and (
            written.direction not in _DIRECTIONS or written.kind is InteractionKind.NOTE
        ):
            raise Invalid("direction: in or out, of a call or e-mail")
        now = utc_now()
        at = written.at or now
        if at > now + _CLOCKS_DIFFER:
            raise Invalid("at: lies in the future")
        self._check_link(Conversation, "conversation_id", written.conversation_id, customer.id)
        self._check_link(Order, "order_id", written.order_id, customer.id)
        text = _text(written.text)
        entry = Interaction(
            customer_id=customer.id,
            kind=written.kind,
            at=at,
            summary=shorten(text, _SUMMARY_CHARS),
            data={"event": "written", "text": text, "direction": written.direction},
            conversation_id=written.conversation_id,
            order_id=written.order_id,
            user_id=user_of(asker),
        )
        self._session.add(entry)
        self._session.flush()
        self._audit(asker, "added", entry)
        return entry

    def edit(
        self, customer_id: UUID, interaction_id: UUID, text: str, *, asker: Asker
    ) -> Interaction:
        """Say it in other words; that it was edited is kept.

        Raises:
            NotAllowed: somebody else wrote it.
            NotFound: no such entry that staff wrote.
            Invalid: the text is empty or too long.
        """
        entry = self._own(customer_id, interaction_id, asker)
        text = _text(text)
        entry.summary = shorten(text, _SUMMARY_CHARS)
        entry.data = {**(entry.data or {}), "text": text}
        entry.edited_at = utc_now()
        self._session.flush()
        self._audit(asker, "edited", entry)
        return entry

    def delete(self, customer_id: UUID, interaction_id: UUID, *, asker: Asker) -> None:
        """Take an entry off the timeline.

        Raises:
            NotAllowed: somebody else wrote it.
            NotFound: no such entry that staff wrote.
        """
        entry = self._own(customer_id, interaction_id, asker)
        self._audit(asker, "deleted", entry)
        self._session.delete(entry)
        self._session.flush()

    def _own(self, customer_id: UUID, interaction_id: UUID, asker: Asker) -> Interaction:
        require(asker, Permission.CUSTOMERS_WRITE)
        customer = find_customer(self._session, customer_id, asker=asker)
        entry = self._session.scalar(
            select(Interaction)
            .where(
                Interaction.id == interaction_id,
                Interaction.customer_id == customer.id,
                Interaction.kind.in_(WRITTEN),
                Interaction.source_key.is_(None),
            )
            .with_for_update()
        )
        if entry is None:
            raise NotFound("no such note, call or e-mail")
        writer = user_of(asker)
        is_admin = not isinstance(asker, AsStaff) or asker.role is Role.ADMIN
        if not is_admin and entry.user_id != writer:
            raise NotAllowed("only who wrote it may change it")
        return entry

    def _check_link(self, model: Any, name: str, key: UUID | None, customer_id: UUID) -> None:
        if key is None:
            return
        owner = self._session.scalar(select(model.customer_id).where(model.id == key))
        if owner != customer_id:
            raise Invalid(f"{name}: not one of this customer's")

    def _audit(self, asker: Asker, what: str, entry: Interaction) -> None:
        facts = {"kind": entry.kind.value, "interaction_id": str(entry.id)}
        record(self._session, asker, f"interaction.{what}", "customer", entry.customer_id, facts)


def _text(text: str) -> str:
    text = storable(text).strip()
    if not 1 <= len(text) <= MAX_TEXT:
        raise Invalid(f"text: 1 to {MAX_TEXT:,} characters")
    return text
