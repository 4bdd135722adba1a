"""When the desk is open, and what it promises."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm_store.models.base import Base, PrimaryKey, ShortText, str_enum
from crm_store.models.tickets import TicketPriority, TicketType
from crm_store.models.versioned import Versioned


class BusinessCalendar(Versioned, Base):
    """Weekly hours in a time zone, less public holidays, with days of the shop's own."""

    __tablename__ = "business_calendars"
    __table_args__ = (
        Index(
            "uq_business_calendars_one_default",
            "is_default",
            unique=True,
            sqlite_where=text("is_default"),
            postgresql_where=text("is_default"),
        ),
        CheckConstraint("subdivision IS NULL OR country IS NOT NULL", name="country_is_named"),
    )

    id: Mapped[PrimaryKey]
    name: Mapped[ShortText] = mapped_column(unique=True)
    time_zone: Mapped[str] = mapped_column(String(64))
    hours: Mapped[dict[str, Any]]
    """``{"mon": [["09:00", "12:30"], ["13:30", "18:00"]], …}``; a day left out is closed."""
    country: Mapped[str | None] = mapped_column(String(2))
    """ISO 3166-1; its public holidays are closed. None: no holidays but the shop's own."""
    subdivision: Mapped[str | None] = mapped_column(String(8))
    is_default: Mapped[bool] = mapped_column(default=False)

    days: Mapped[list["CalendarDay"]] = relationship(
        order_by="CalendarDay.day", cascade="all, delete-orphan", passive_deletes=True
    )


class CalendarDay(Base):
    """A day with hours of its own; it goes before holidays and the week."""

    __tablename__ = "calendar_days"

    calendar_id: Mapped[UUID] = mapped_column(
        ForeignKey("business_calendars.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[ShortText]
    hours: Mapped[list[Any]]
    """``[["10:00", "14:00"]]``; empty means closed."""


class SlaPolicy(Versioned, Base):
    """What is promised to whom: the first active policy that fits a ticket, by ``position``."""

    __tablename__ = "sla_policies"
    __table_args__ = (
        CheckConstraint(
            "first_response_minutes IS NOT NULL OR resolution_minutes IS NOT NULL",
            name="promises_something",
        ),
        CheckConstraint(
            "first_response_minutes > 0 AND resolution_minutes > 0 AND warn_minutes >= 0",
            name="minutes_in_range",
        ),
        Index("ix_sla_policies_position", "position", "id"),
    )

    id: Mapped[PrimaryKey]
    name: Mapped[ShortText] = mapped_column(unique=True)
    position: Mapped[int]
    type: Mapped[TicketType | None] = mapped_column(str_enum(TicketType, "policy_type"))
    priority: Mapped[TicketPriority | None] = mapped_column(
        str_enum(TicketPriority, "policy_priority")
    )
    segment: Mapped[str | None] = mapped_column(String(200))
    """The name of the customer's segment; names outlive the runs that compute segments."""
    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("business_calendars.id"), index=True)
    first_response_minutes: Mapped[int | None]
    resolution_minutes: Mapped[int | None]
    warn_minutes: Mapped[int] = mapped_column(default=30)
    """How much business time before the end "due soon" is told; at most half of it."""
    active: Mapped[bool] = mapped_column(default=True)

    calendar: Mapped[BusinessCalendar] = relationship()
