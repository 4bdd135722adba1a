"""Shapes that several features share."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from crm_store.conversations.lines import LineKind
from crm_store.models import Author, Message, Visibility
from crm_store.pages import Page

T = TypeVar("T")
Row = TypeVar("Row")


class ListOf(BaseModel, Generic[T]):
    """Every list: its items, and the cursor of the next page or null."""

    items: list[T]
    next_cursor: str | None = None


def list_of(page: Page[Row], present: Callable[[Row], T]) -> ListOf[T]:
    """A page of rows as a list of what callers see."""
    return ListOf(items=[present(row) for row in page.items], next_cursor=page.next_cursor)


class PublicMessage(BaseModel):
    """A message as the customer sees it."""

    id: UUID
    seq: int
    client_id: str | None
    author: Author
    name: str | None
    text: str
    payload: dict[str, Any] | None = Field(
        description="What to show besides the text: `buttons`, `cards`, `links`, `form`, "
        "`attachment`. What the system says has `event`, one of "
        + ", ".join(f"`{kind.value}`" for kind in LineKind)
        + ", with the facts to word it in any language: `name`, `position`, `ticket_number`, "
        "`reason`."
    )
    in_reply_to: UUID | None
    """The customer's message that the assistant answers here."""
    sent_at: datetime


class StaffMessage(PublicMessage):
    """A message with what was understood and done, for staff only."""

    visibility: Visibility
    attachment_id: UUID | None
    nlu: dict[str, Any] | None
    actions: list[str] | None
    latency_ms: int | None


def public_message(message: Message) -> PublicMessage:
    """What a customer may see of a message."""
    return PublicMessage(
        id=message.id,
        seq=message.seq,
        client_id=message.client_id,
        author=message.author,
        name=message.name,
        text=message.text,
        payload=message.payload,
        in_reply_to=message.in_reply_to,
        sent_at=message.sent_at,
    )


def staff_message(message: Message) -> StaffMessage:
    """All that is known of a message."""
    return StaffMessage(
        **public_message(message).model_dump(),
        visibility=message.visibility,
        attachment_id=message.attachment_id,
        nlu=message.nlu,
        actions=message.actions,
        latency_ms=message.latency_ms,
    )
