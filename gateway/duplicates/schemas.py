"""Pairs of customers as those see them who decide."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from crm_store.linkage.queue import PairView, Side
from crm_store.merging.service import Undone
from crm_store.models import CustomerMerge, PairStatus

Field = Literal["given", "family", "email", "phone", "address"]


class PairCustomer(BaseModel):
    """One side of a pair. ``verified`` says that a channel vouches for the contact."""

    id: UUID
    name: str
    email: str | None
    email_verified: bool
    phone: str | None
    phone_verified: bool
    street: str | None
    postal_code: str | None
    city: str | None
    country: str | None
    external_id: str | None
    orders: int
    conversations: int
    tickets: int
    created_at: datetime
    updated_at: datetime


class Comparison(BaseModel):
    """What one comparison says. ``bits`` doubles the odds once each; rarity is on top of it."""

    field: Field
    level: str
    bits: float
    rarity_bits: float


class Reasons(BaseModel):
    """Why the score is what it is: prior and bits add up to log2 of the odds."""

    prior: float = 0.0
    comparisons: list[Comparison] = []
    evidence: list[str] = []


class DuplicateView(BaseModel):
    """Two customers who may be one person."""

    id: UUID
    status: PairStatus
    score: float
    certain: bool
    reasons: Reasons
    first: PairCustomer
    second: PairCustomer
    keep: UUID
    """Whose record should stay."""
    merge_id: UUID | None
    """The merge that it led to, while that is not undone."""
    created_at: datetime
    decided_at: datetime | None


class DuplicateCount(BaseModel):
    open: int


class MergeDecision(BaseModel):
    keep: UUID | None = None
    """Whose record stays; by default ``keep`` of the pair."""


class MergeWith(BaseModel):
    other_id: UUID
    """Whose record will only point to the customer in the path."""


class MergeView(BaseModel):
    """A merge of two customers."""

    id: UUID
    survivor_id: UUID
    loser_id: UUID
    merged_at: datetime
    undone_at: datetime | None


class UndoView(BaseModel):
    """What taking a merge back did.

    ``kept`` names fields of the survivor that were changed since and stay; ``lost`` counts rows
    that could not return because what they belong to is gone.
    """

    merge: MergeView
    kept: list[str]
    lost: int


def duplicate_view(view: PairView) -> DuplicateView:
    """A pair of the queue."""
    pair = view.pair
    return DuplicateView(
        id=pair.id,
        status=pair.status,
        score=pair.score,
        certain=pair.certain,
        reasons=Reasons.model_validate(pair.reasons),
        first=_side(view.first),
        second=_side(view.second),
        keep=view.keep,
        merge_id=view.merge_id,
        created_at=pair.created_at,
        decided_at=pair.decided_at,
    )


def merge_view(merge: CustomerMerge) -> MergeView:
    """A merge."""
    return MergeView(
        id=merge.id,
        survivor_id=merge.survivor_id,
        loser_id=merge.loser_id,
        merged_at=merge.merged_at,
        undone_at=merge.undone_at,
    )


def undo_view(undone: Undone) -> UndoView:
    """A merge that was taken back."""
    return UndoView(merge=merge_view(undone.merge), kept=undone.kept, lost=undone.lost)


def _side(side: Side) -> PairCustomer:
    customer = side.customer
    return PairCustomer(
        id=customer.id,
        name=customer.name,
        email=customer.email,
        email_verified=side.vouched_email,
        phone=customer.phone,
        phone_verified=side.vouched_phone,
        street=customer.street,
        postal_code=customer.postal_code,
        city=customer.city,
        country=customer.country,
        external_id=customer.external_id,
        orders=side.orders,
        conversations=side.conversations,
        tickets=side.tickets,
        created_at=customer.created_at,
        updated_at=customer.updated_at,
    )
