"""Keeping canned replies, and filling them in for a conversation or a ticket."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from crm_store import audit
from crm_store.asking import Asker, AsStaff, user_of
from crm_store.canned_replies.errors import ReplyChanged, ReplyNotFound
from crm_store.canned_replies.filling import Filled, fill, require_known_names
from crm_store.editing import unique
from crm_store.lists import ListQuery, SortKey, Sorts
from crm_store.models import CannedReply, Conversation, Customer, Order, Site, Ticket, User
from crm_store.pages import Page
from crm_store.permissions import Permission, require
from crm_store.texts import shorten, storable
from foundation.clock import utc_now
from foundation.errors import Invalid, NotFound

TEXT_LIMIT = 5_000
REPLY_SORTS = Sorts(
    {
        "shortcut": SortKey(CannedReply.shortcut, str),
        "title": SortKey(CannedReply.title, str),
    },
    default="shortcut",
    unique=CannedReply.id,
)
_TAKEN = "shortcut: another reply has it"
_SHORTCUT = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class ReplyDraft:
    """A reply as somebody wants it."""

    shortcut: str
    title: str
    text: str


class CannedReplyService:
    """All staff use replies; who manages the settings keeps them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self, query: ListQuery, *, q: str | None = None, asker: Asker) -> Page[CannedReply]:
        """Replies on offer, a page at a time; ``q`` is a part of shortcut or title."""
        require(asker, Permission.CONVERSATIONS_READ)
        statement = select(CannedReply).where(CannedReply.retired_at.is_(None))
        if q and q.strip():
            part = storable(q.strip()).lower()
            statement = statement.where(
                or_(
                    CannedReply.shortcut.contains(part, autoescape=True),
                    func.lower(CannedReply.title).contains(part, autoescape=True),
                )
            )
        return REPLY_SORTS.page(self._session, statement, query)

    def add(self, draft: ReplyDraft, *, asker: Asker) -> CannedReply:
        """A new reply.

        Raises:
            Invalid: the draft is wrong; the detail says where.
            Conflict: the shortcut is taken.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        reply = CannedReply(**_values(draft), updated_by_id=user_of(asker))
        with unique(self._session, _TAKEN):
            self._session.add(reply)
        audit.record(self._session, asker, "canned_reply.added", "canned_reply", reply.id)
        return reply

    def change(
        self, reply_id: UUID, draft: ReplyDraft, *, version: int, asker: Asker
    ) -> CannedReply:
        """Make the reply as the draft says.

        Raises:
            ReplyNotFound: absent.
            ReplyChanged: it is no longer the version that the caller has seen.
            Invalid, Conflict: as for ``add``.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        self._find(reply_id)
        changed = self._change(
            reply_id, CannedReply.version == version, **_values(draft), updated_by_id=user_of(asker)
        )
        if changed is None:
            raise ReplyChanged
        audit.record(self._session, asker, "canned_reply.changed", "canned_reply", reply_id)
        return changed

    def retire(self, reply_id: UUID, *, asker: Asker) -> None:
        """Offer it no longer; its shortcut is free again.

        Raises:
            ReplyNotFound: absent.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        self._find(reply_id)
        self._change(reply_id, shortcut=f"retired-{reply_id.hex}", retired_at=utc_now())
        audit.record(self._session, asker, "canned_reply.retired", "canned_reply", reply_id)

    def filled_in(
        self,
        reply_id: UUID,
        *,
        conversation_id: UUID | None = None,
        ticket_number: str | None = None,
        asker: AsStaff,
    ) -> Filled:
        """The reply's text for this conversation or ticket.

        Raises:
            ReplyNotFound: absent.
            NotFound: no such conversation or ticket.
        """
        require(asker, Permission.CONVERSATIONS_READ)
        reply = self._find(reply_id)
        agent = self._session.get(User, asker.user_id)
        values: dict[str, str | None] = {}
        if agent is not None:
            values |= {"agent.name": agent.name, "agent.first_name": _first(agent.name)}
        if ticket_number is not None:
            values |= self._about_ticket(ticket_number)
        if conversation_id is not None:
            values |= self._about_conversation(conversation_id)
        return fill(reply.text, values)

    def _about_conversation(self, conversation_id: UUID) -> dict[str, str | None]:
        found = self._session.execute(
            select(Customer.name, Site.name)
            .select_from(Conversation)
            .join(Site, Site.id == Conversation.site_id)
            .outerjoin(Customer, Customer.id == Conversation.customer_id)
            .where(Conversation.id == conversation_id)
        ).one_or_none()
        if found is None:
            raise NotFound("no such conversation")
        return _customer(found[0]) | {"shop.name": found[1]}

    def _about_ticket(self, number: str) -> dict[str, str | None]:
        found = self._session.execute(
            select(Customer.name, Order.number)
            .select_from(Ticket)
            .outerjoin(Customer, Customer.id == Ticket.customer_id)
            .outerjoin(Order, Order.id == Ticket.order_id)
            .where(Ticket.number == number)
        ).one_or_none()
        if found is None:
            raise NotFound("no such ticket")
        return _customer(found[0]) | {"ticket.number": number, "order.number": found[1]}

    def _find(self, reply_id: UUID) -> CannedReply:
        reply = self._session.get(CannedReply, reply_id, populate_existing=True)
        if reply is None or reply.retired_at is not None:
            raise ReplyNotFound
        return reply

    def _change(self, reply_id: UUID, *conditions: Any, **values: Any) -> CannedReply | None:
        with unique(self._session, _TAKEN):
            return self._session.scalar(
                update(CannedReply)
                .where(CannedReply.id == reply_id, *conditions)
                .values(**values, version=CannedReply.version + 1, updated_at=utc_now())
                .returning(CannedReply)
                .execution_options(synchronize_session=False, populate_existing=True)
            )


def _values(draft: ReplyDraft) -> dict[str, Any]:
    shortcut = draft.shortcut.strip().lower()
    if _SHORTCUT.fullmatch(shortcut) is None:
        raise Invalid("shortcut: 1 to 40 of a-z, 0-9, - and _")
    title, text = shorten(storable(draft.title), 200), storable(draft.text).strip()
    if not title:
        raise Invalid("title: must not be empty")
    if not 1 <= len(text) <= TEXT_LIMIT:
        raise Invalid(f"text: 1 to {TEXT_LIMIT:,} characters")
    require_known_names(text)
    return {"shortcut": shortcut, "title": title, "text": text}


def _customer(name: str | None) -> dict[str, str | None]:
    return {"customer.name": name, "customer.first_name": _first(name)}


def _first(name: str | None) -> str | None:
    return name.split()[0] if name and name.split() else None
