"""Keeping labels, and putting them on conversations and tickets."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from crm_store import audit
from crm_store.asking import Asker, user_of
from crm_store.editing import unique
from crm_store.labels.errors import LabelChanged, LabelNotFound
from crm_store.lists import ListQuery, SortKey, Sorts
from crm_store.models import (
    Conversation,
    ConversationLabel,
    Label,
    LabelTone,
    Ticket,
    TicketLabel,
)
from crm_store.pages import Page
from crm_store.permissions import Permission, require
from crm_store.texts import shorten, storable
from crm_store.writes import insert_missing
from foundation.clock import utc_now
from foundation.errors import Invalid, NotFound

MAX_ON_ONE = 30
NAME_LIMIT = 60
LABEL_SORTS = Sorts({"name": SortKey(Label.folded, str)}, default="name", unique=Label.id)

_TAKEN = "name: there is a label of that name"


class LabelService:
    """All staff put labels on what they may change; who manages the settings keeps the list."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self, query: ListQuery, *, asker: Asker) -> Page[Label]:
        """Labels, a page at a time."""
        require(asker, Permission.CONVERSATIONS_READ)
        return LABEL_SORTS.page(self._session, select(Label), query)

    def add(self, *, name: str, tone: LabelTone, description: str, asker: Asker) -> Label:
        """A new label.

        Raises:
            Invalid: an empty or too long name.
            Conflict: there is one of that name, in whatever case.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        label = Label(**_values(name, tone, description), updated_by_id=user_of(asker))
        with unique(self._session, _TAKEN):
            self._session.add(label)
        audit.record(self._session, asker, "label.added", "label", label.id)
        return label

    def change(
        self,
        label_id: UUID,
        *,
        name: str,
        tone: LabelTone,
        description: str,
        version: int,
        asker: Asker,
    ) -> Label:
        """Rename or recolour a label wherever it is.

        Raises:
            LabelNotFound: absent.
            LabelChanged: it is no longer the version that the caller has seen.
            Invalid, Conflict: as for ``add``.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        self._find(label_id)
        with unique(self._session, _TAKEN):
            changed = self._session.scalar(
                update(Label)
                .where(Label.id == label_id, Label.version == version)
                .values(
                    **_values(name, tone, description),
                    version=version + 1,
                    updated_at=utc_now(),
                    updated_by_id=user_of(asker),
                )
                .returning(Label)
                .execution_options(synchronize_session=False, populate_existing=True)
            )
        if changed is None:
            raise LabelChanged
        audit.record(self._session, asker, "label.changed", "label", label_id)
        return changed

    def remove(self, label_id: UUID, *, asker: Asker) -> None:
        """Take a label off everything and forget it.

        Raises:
            LabelNotFound: absent.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        self._session.delete(self._find(label_id))
        self._session.flush()
        audit.record(self._session, asker, "label.removed", "label", label_id)

    def on_conversation(self, conversation_id: UUID, *, asker: Asker) -> Sequence[Label]:
        """The conversation's labels, by name."""
        require(asker, Permission.CONVERSATIONS_READ)
        return self._session.scalars(
            select(Label)
            .join(ConversationLabel, ConversationLabel.label_id == Label.id)
            .where(ConversationLabel.conversation_id == conversation_id)
            .order_by(Label.folded)
        ).all()

    def label_conversation(
        self, conversation_id: UUID, label_ids: Sequence[UUID], *, asker: Asker
    ) -> Sequence[Label]:
        """Let the conversation have exactly these labels.

        Raises:
            NotFound: no such conversation.
            LabelNotFound: one of the labels is absent.
        """
        require(asker, Permission.CONVERSATIONS_WRITE)
        if self._session.get(Conversation, conversation_id) is None:
            raise NotFound("no such conversation")
        self._set(ConversationLabel, {"conversation_id": conversation_id}, label_ids, asker)
        audit.record(
            self._session, asker, "conversation.labelled", "conversation", conversation_id,
            {"labels": len(set(label_ids))},
        )  # fmt: skip
        return self.on_conversation(conversation_id, asker=asker)

    def label_ticket(self, ticket: Ticket, label_ids: Sequence[UUID], *, asker: Asker) -> None:
        """Let the ticket have exactly these labels; raises like ``label_conversation``."""
        require(asker, Permission.TICKETS_WRITE)
        self._set(TicketLabel, {"ticket_id": ticket.id}, label_ids, asker)
        facts = {"labels": len(set(label_ids))}
        audit.record(self._session, asker, "ticket.labelled", "ticket", ticket.number, facts)

    def retag_ticket(
        self, ticket: Ticket, *, add: Sequence[UUID], remove: Sequence[UUID], asker: Asker
    ) -> None:
        """Put labels on a ticket and take others off."""
        has = self._session.scalars(
            select(TicketLabel.label_id).where(TicketLabel.ticket_id == ticket.id)
        )
        wanted = (set(has) | set(add)) - set(remove)
        self.label_ticket(ticket, sorted(wanted), asker=asker)

    def _set(
        self, model: Any, key: dict[str, UUID], label_ids: Sequence[UUID], asker: Asker
    ) -> None:
        wanted = set(label_ids)
        if len(wanted) > MAX_ON_ONE:
            raise Invalid(f"label_ids: at most {MAX_ON_ONE}")
        known = set(self._session.scalars(select(Label.id).where(Label.id.in_(wanted))))
        if known != wanted:
            raise LabelNotFound
        ((column, value),) = key.items()
        self._session.execute(
            delete(model).where(getattr(model, column) == value, model.label_id.not_in(wanted))
        )
        now, who = utc_now(), user_of(asker)
        rows = [{**key, "label_id": label, "user_id": who, "at": now} for label in sorted(wanted)]
        insert_missing(self._session, model, rows, on=(column, "label_id"))

    def _find(self, label_id: UUID) -> Label:
        label = self._session.get(Label, label_id, populate_existing=True)
        if label is None:
            raise LabelNotFound
        return label


def _values(name: str, tone: LabelTone, description: str) -> dict[str, Any]:
    name = " ".join(storable(name).split())
    if not 1 <= len(name) <= NAME_LIMIT:
        raise Invalid(f"name: 1 to {NAME_LIMIT} characters")
    return {
        "name": name,
        "folded": name.casefold()[:120],
        "tone": tone,
        "description": shorten(storable(description), 200),
    }
