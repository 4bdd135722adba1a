"""Customers as staff see them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from crm_store.models import Interaction, InteractionKind, OrderStatus, TicketPriority, TicketStatus
from gateway.accounts.schemas import Name
from gateway.schemas import ListOf


class CustomerView(BaseModel):
    """A row of a list of customers."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    external_id: str | None
    name: str
    email: str | None
    phone: str | None
    city: str | None
    country: str | None
    created_at: datetime
    updated_at: datetime


class CustomerPatch(BaseModel):
    """What to set; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    external_id: Annotated[str | None, Field(max_length=128)] = None
    name: Name | None = None
    email: Annotated[str | None, Field(max_length=254)] = None
    phone: Annotated[str | None, Field(max_length=40)] = None
    """With its country code, like +49 30 1234567."""
    locale: Annotated[str | None, Field(max_length=16)] = None
    street: Annotated[str | None, Field(max_length=200)] = None
    postal_code: Annotated[str | None, Field(max_length=20)] = None
    city: Annotated[str | None, Field(max_length=100)] = None
    country: Annotated[str | None, Field(max_length=64)] = None
    """By its name or its two letters; kept as the letters."""
    allow_same_contact: bool = Field(
        False,
        description="Another customer has this e-mail address or phone number: that is right.",
    )


class NewCustomer(CustomerPatch):
    name: Name
    came_back: bool = Field(
        False, description="They were erased, and want to be a customer again themselves."
    )


class CustomerEdit(CustomerPatch):
    """What to set on one customer."""

    updated_at: AwareDatetime = Field(
        description="As you have seen it; a customer changed since is answered with 409."
    )


class SegmentName(BaseModel):
    """A segment to narrow the list by."""

    name: str


class Money(BaseModel):
    """``text`` is the same amount for people to read."""

    amount_minor: int
    currency: str
    text: str


class CardOrder(BaseModel):
    number: str
    status: OrderStatus
    placed_at: datetime
    total: Money


class CardTicket(BaseModel):
    number: str
    subject: str
    status: TicketStatus
    priority: TicketPriority
    created_at: datetime


class CardSegment(BaseModel):
    name: str
    rfm: str
    description: str
    assigned_at: datetime


class CardProduct(BaseModel):
    name: str
    slug: str
    price: Money


class CardRecommendation(BaseModel):
    product: CardProduct
    reason: str
    score: float
    computed_at: datetime


class CardInterest(BaseModel):
    term: str
    weight: float
    at: datetime


class CustomerCard(BaseModel):
    """What an agent should see at one glance."""

    orders: list[CardOrder]
    open_orders: int
    tickets: list[CardTicket]
    open_tickets: int
    segment: CardSegment | None
    recommendations: list[CardRecommendation]
    interests: list[CardInterest]


class TimelineEntry(BaseModel):
    """Something that happened with the customer."""

    id: UUID
    kind: InteractionKind
    at: datetime
    summary: str
    data: dict[str, Any] | None
    conversation_id: UUID | None
    order_id: UUID | None
    user_id: UUID | None
    """Who wrote it, of a note, call or e-mail."""
    edited_at: datetime | None


class CustomerDetail(CustomerView):
    """Profile, card, and the newest part of the timeline."""

    locale: str
    street: str | None
    postal_code: str | None
    newsletter: bool
    deletion_requested_at: datetime | None
    card: CustomerCard
    timeline: ListOf[TimelineEntry]


def sent_of(body: CustomerPatch) -> dict[str, Any]:
    """The fields of the customer that were sent, nulls included."""
    about = {"allow_same_contact", "came_back", "updated_at"}
    return body.model_dump(exclude_unset=True, exclude=about)


def timeline_entry(row: Interaction) -> TimelineEntry:
    """An entry of the timeline."""
    return TimelineEntry(
        id=row.id,
        kind=row.kind,
        at=row.at,
        summary=row.summary,
        data=row.data,
        conversation_id=row.conversation_id,
        order_id=row.order_id,
        user_id=row.user_id,
        edited_at=row.edited_at,
    )
