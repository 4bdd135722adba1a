"""A message that the shop wants to say first, as staff send and see it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from crm_store.models import OutreachStatus, Purpose
from crm_store.sites.form_fields import Locale


class NewOutreach(BaseModel):
    """What to say to whom; said in the chat once the customer is there, if they allow it."""

    customer_id: UUID
    texts: dict[Locale, Annotated[str, Field(min_length=1, max_length=500)]] = Field(
        min_length=1, max_length=20, description="By locale, like en or zh-CN."
    )
    purpose: Purpose = Purpose.MARKETING_CHAT
    not_before: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None


class OutreachView(BaseModel):
    """What became of it; ``texts`` is null for a campaign's, which says the campaign's message."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    customer_id: UUID
    touch_id: UUID | None
    purpose: Purpose
    texts: dict[str, str] | None
    not_before: datetime
    expires_at: datetime | None
    status: OutreachStatus
    reason: str | None
    delivered_at: datetime | None
    answered_at: datetime | None
    conversation_id: UUID | None
    created_at: datetime
