"""Tickets as staff see them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from crm_store.models import TicketPriority, TicketStatus


class TicketView(BaseModel):
    """A ticket; ``body`` is what the customer or a colleague wrote."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    subject: str
    body: str
    topic: str
    status: TicketStatus
    priority: TicketPriority
    customer_id: UUID | None
    conversation_id: UUID | None
    order_id: UUID | None
    created_at: datetime
    updated_at: datetime
