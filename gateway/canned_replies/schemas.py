"""Canned replies as staff see and send them."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from crm_store.canned_replies.service import TEXT_LIMIT


class NewReply(BaseModel):
    """``text`` may hold ``{{customer.first_name|there}}`` and the like."""

    shortcut: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    text: Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT)]


class ReplyEdit(NewReply):
    """The whole reply as it is to be."""

    version: Annotated[int, Field(ge=0, lt=2**31)]


class ReplyView(BaseModel):
    """A reply."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    shortcut: str
    title: str
    text: str
    version: int


class FilledReply(BaseModel):
    """A text to send; ``missing`` are placeholders for which nothing is known."""

    model_config = ConfigDict(from_attributes=True)

    text: str
    missing: list[str]
