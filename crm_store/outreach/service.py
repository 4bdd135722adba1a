"""Asking for a message, looking at what became of it, taking it back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.acts import note_act
from crm_store.asking import Asker, user_of
from crm_store.customers.scope import find_customer
from crm_store.lists import ListQuery, SortKey, Sorts
from crm_store.models import CampaignTouch, OutreachMessage, OutreachStatus, Purpose
from crm_store.outreach.errors import OutreachDone, OutreachNotFound
from crm_store.outreach.texts import checked_texts
from crm_store.pages import Page
from crm_store.permissions import Permission, require
from foundation.clock import utc_now
from foundation.errors import Invalid

OUTREACH_SORTS = Sorts(
    {"created_at": SortKey(OutreachMessage.created_at, datetime)},
    default="-created_at",
    unique=OutreachMessage.id,
)


class OutreachService:
    """What staff, analysis and campaigns use. Each raises NotAllowed without the permission."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def ask(
        self,
        customer_id: UUID,
        *,
        texts: Mapping[str, str],
        purpose: Purpose,
        not_before: datetime | None = None,
        expires_at: datetime | None = None,
        why: str | None = None,
        asker: Asker,
    ) -> OutreachMessage:
        """Have something said to the customer, in the chat, the next time that they are there.

        Consent and frequency are looked at when it is said: they may change until then.

        Args:
            customer_id: to whom.
            texts: what to say, by locale.
            purpose: what the customer must have allowed.
            not_before: the earliest time; None is now.
            expires_at: when it is no longer worth saying; None: never.
            why: what gave rise to it, for the audit log.
            asker: who wants it said.

        Raises:
            CustomerNotFound: absent.
            Invalid: a text or a time is not acceptable.
        """
        require(asker, Permission.SALES_WRITE)
        customer = find_customer(self._session, customer_id, asker=asker)
        now = self._clock()
        start = not_before or now
        if expires_at is not None and expires_at <= max(start, now):
            raise Invalid("expires_at: after it may be said, and in the future")
        message = OutreachMessage(
            customer_id=customer.id,
            purpose=purpose,
            texts=checked_texts(texts),
            not_before=start,
            expires_at=expires_at,
            created_by_id=user_of(asker),
            created_at=now,
        )
        self._session.add(message)
        self._session.flush()
        facts = {"purpose": purpose.value, "customer_id": str(customer.id)}
        facts |= {"why": why} if why else {}
        note_act(self._session, asker, "outreach.asked", message.id, facts)
        return message

    def page(
        self,
        query: ListQuery,
        *,
        customer_id: UUID | None = None,
        status: Sequence[OutreachStatus] = (),
        asker: Asker,
    ) -> Page[OutreachMessage]:
        """What was asked for, the newest first."""
        require(asker, Permission.SALES_READ)
        statement = select(OutreachMessage)
        if customer_id is not None:
            statement = statement.where(OutreachMessage.customer_id == customer_id)
        if status:
            statement = statement.where(OutreachMessage.status.in_(status))
        return OUTREACH_SORTS.page(self._session, statement, query)

    def withdraw(self, outreach_id: UUID, *, asker: Asker) -> OutreachMessage:
        """Have it not said after all; repeating it changes nothing.

        Raises:
            OutreachNotFound: absent.
            OutreachDone: it was delivered, refused or is out of date.
        """
        require(asker, Permission.SALES_WRITE)
        message = self._session.scalar(
            select(OutreachMessage)
            .where(OutreachMessage.id == outreach_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if message is None:
            raise OutreachNotFound
        if message.status is OutreachStatus.WITHDRAWN:
            return message
        if message.status is not OutreachStatus.WAITING:
            raise OutreachDone
        message.status = OutreachStatus.WITHDRAWN
        self._session.flush()
        note_act(self._session, asker, "outreach.withdrawn", message.id)
        return message


def wait_in_chat(
    session: Session,
    touches: Sequence[tuple[CampaignTouch, UUID]],
    *,
    expires_at: datetime | None,
) -> None:
    """Let a chat campaign's planned touches wait for their customers; leads have no chat."""
    session.add_all(
        OutreachMessage(
            customer_id=customer_id,
            touch_id=touch.id,
            purpose=Purpose.MARKETING_CHAT,
            not_before=touch.planned_for,
            # One that would be out of date before it may be said never waits at all.
            expires_at=expires_at,
            created_at=touch.created_at,
        )
        for touch, customer_id in touches
        if expires_at is None or expires_at > touch.planned_for
    )
    session.flush()
