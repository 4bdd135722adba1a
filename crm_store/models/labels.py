"""Labels on conversations and tickets; answers that are kept ready."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.models.base import Base, CreatedAt, PrimaryKey, ShortText, str_enum
from crm_store.models.versioned import Versioned


class LabelTone(StrEnum):
    """One of the console's tones; the name, not the colour, carries the meaning."""

    GREY = "grey"
    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    VIOLET = "violet"


class Label(Versioned, Base):
    """A word that staff put on conversations and tickets to find them again."""

    __tablename__ = "labels"

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(String(60))
    folded: Mapped[str] = mapped_column(String(120), unique=True)
    """The name as it is compared, so that "VIP" and "vip" are one label."""
    tone: Mapped[LabelTone] = mapped_column(str_enum(LabelTone, "tone"), default=LabelTone.GREY)
    description: Mapped[str] = mapped_column(String(200), default="")


class ConversationLabel(Base):
    """A label on a conversation, and who put it there."""

    __tablename__ = "conversation_labels"

    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    label_id: Mapped[UUID] = mapped_column(
        ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[CreatedAt]


class TicketLabel(Base):
    """A label on a ticket, and who put it there."""

    __tablename__ = "ticket_labels"

    ticket_id: Mapped[UUID] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True
    )
    label_id: Mapped[UUID] = mapped_column(
        ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[CreatedAt]


class CannedReply(Versioned, Base):
    """An answer kept ready; agents call it up by ``/shortcut``."""

    __tablename__ = "canned_replies"
    __table_args__ = (CheckConstraint("shortcut = lower(shortcut)", name="shortcut_is_lower"),)

    id: Mapped[PrimaryKey]
    shortcut: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[ShortText]
    text: Mapped[str]
    """Plain text with ``{{customer.first_name}}`` and the like."""
    retired_at: Mapped[datetime | None]
    """No longer offered; kept for whoever asks what was said."""
