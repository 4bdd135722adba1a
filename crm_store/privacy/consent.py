"""Consent per purpose: a history that only grows, and what is in force now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from crm_store.asking import Asker, user_of
from crm_store.audit import record
from crm_store.customers.scope import find_customer
from crm_store.interactions import InteractionService
from crm_store.models import (
    Consent,
    InteractionKind,
    Interest,
    Prediction,
    Purpose,
    Recommendation,
    SegmentMembership,
)
from crm_store.pages import Page, fetch_page
from crm_store.permissions import Permission, require_or_own
from crm_store.privacy.purposes import defaults_in_force
from foundation.clock import utc_now

# What analysis has stored about a customer goes at once when they withdraw.
_STORED = {
    Purpose.PROFILING: (SegmentMembership, Prediction, Interest, Recommendation),
    Purpose.RECOMMENDATIONS: (Recommendation,),
}


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether a purpose is allowed now, and why: a decision, or the default."""

    purpose: Purpose
    allowed: bool
    decided_at: datetime | None
    source: str | None


class ConsentService:
    """Writes decisions down and answers for them. Raises CustomerNotFound out of scope."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._defaults = defaults_in_force(session)

    def allows(self, customer_id: UUID, purpose: Purpose) -> bool:
        """Whether the customer's data may be used for it; the default where they said nothing."""
        granted = self._session.scalar(
            select(Consent.granted).where(
                Consent.customer_id == customer_id,
                Consent.purpose == purpose,
                Consent.superseded_at.is_(None),
            )
        )
        return self._defaults[purpose] if granted is None else granted

    def current(self, customer_id: UUID, *, asker: Asker) -> list[Allowance]:
        """Every purpose with what holds for it now."""
        customer_id = find_customer(self._session, customer_id, asker=asker).id
        in_force = {
            row.purpose: row
            for row in self._session.scalars(
                select(Consent).where(
                    Consent.customer_id == customer_id, Consent.superseded_at.is_(None)
                )
            )
        }
        return [
            Allowance(
                purpose,
                allowed=in_force[purpose].granted if purpose in in_force else default,
                decided_at=in_force[purpose].at if purpose in in_force else None,
                source=in_force[purpose].source if purpose in in_force else None,
            )
            for purpose, default in self._defaults.items()
        ]

    def history(
        self, customer_id: UUID, *, asker: Asker, cursor: str | None = None, limit: int = 50
    ) -> Page[Consent]:
        """Every decision, the newest first."""
        customer_id = find_customer(self._session, customer_id, asker=asker).id
        return fetch_page(
            self._session,
            select(Consent).where(Consent.customer_id == customer_id),
            keys=[(Consent.id, UUID)],
            cursor=cursor,
            limit=limit,
            descending=True,
        )

    def decide(
        self,
        customer_id: UUID,
        purpose: Purpose,
        *,
        granted: bool,
        source: str,
        asker: Asker,
        wording: str | None = None,
        evidence: dict[str, Any] | None = None,
    ) -> bool:
        """Write a decision down; one that is in force already changes nothing.

        A withdrawal takes effect at once: what analysis has stored for the purpose is deleted.

        Returns:
            Whether it is new.
        """
        require_or_own(asker, Permission.CUSTOMERS_WRITE)
        # Two decisions at once take turns, so that one is in force.
        customer_id = find_customer(self._session, customer_id, asker=asker, lock=True).id
        in_force = self._session.scalar(
            select(Consent).where(
                Consent.customer_id == customer_id,
                Consent.purpose == purpose,
                Consent.superseded_at.is_(None),
            )
        )
        if in_force is not None and in_force.granted == granted:
            return False
        now = utc_now()
        if in_force is not None:
            in_force.superseded_at = now
            self._session.flush()
        self._session.add(
            Consent(
                customer_id=customer_id,
                purpose=purpose,
                granted=granted,
                at=now,
                source=source,
                wording=wording,
                evidence=evidence,
                user_id=user_of(asker),
            )
        )
        self._session.flush()
        if not granted:
            self._forget(customer_id, purpose)
        InteractionService(self._session).record(
            customer_id=customer_id,
            kind=InteractionKind.ACCOUNT,
            summary=f"Consent {'given' if granted else 'withdrawn'}: {_said(purpose)}",
            data={"event": "consent", "purpose": purpose.value, "granted": granted},
            at=now,
        )
        record(
            self._session,
            asker,
            "consent.granted" if granted else "consent.withdrawn",
            "customer",
            customer_id,
            {"purpose": purpose.value, "source": source},
        )
        return True

    def _forget(self, customer_id: UUID, purpose: Purpose) -> None:
        for model in _STORED.get(purpose, ()):
            self._session.execute(
                delete(model)
                .where(model.customer_id == customer_id)
                .execution_options(synchronize_session=False)
            )


def allowing(
    session: Session,
    customer: InstrumentedAttribute[Any] | ColumnElement[Any],
    *purposes: Purpose,
) -> ColumnElement[bool]:
    """A condition on a column of customers' ids: those who allow all of these purposes."""
    return and_(*(_allowing(session, customer, purpose) for purpose in purposes))


def _allowing(
    session: Session,
    customer: InstrumentedAttribute[Any] | ColumnElement[Any],
    purpose: Purpose,
) -> ColumnElement[bool]:
    default = defaults_in_force(session)[purpose]
    said_otherwise = (
        select(Consent.id)
        .where(
            Consent.customer_id == customer,
            Consent.purpose == purpose,
            Consent.superseded_at.is_(None),
            Consent.granted.is_(not default),
        )
        .exists()
    )
    return ~said_otherwise if default else said_otherwise


def _said(purpose: Purpose) -> str:
    return purpose.value.replace("_", " ")
