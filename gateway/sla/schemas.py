"""Policies and calendars as staff see and send them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from crm_store.models import TicketPriority, TicketType
from crm_store.sla.service import MAX_MINUTES, MAX_POSITION

Name = Annotated[str, Field(min_length=1, max_length=200)]
Time = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
Interval = Annotated[list[Time], Field(min_length=2, max_length=2)]
Hours = Annotated[list[Interval], Field(max_length=12)]
Minutes = Annotated[int, Field(ge=1, le=MAX_MINUTES)]
Version = Annotated[int, Field(ge=0, lt=2**31)]


class WeekView(BaseModel):
    """Open hours by weekday, as wall times; 24:00 is the next midnight."""

    model_config = ConfigDict(extra="forbid")

    mon: Hours = Field(default_factory=list)
    tue: Hours = Field(default_factory=list)
    wed: Hours = Field(default_factory=list)
    thu: Hours = Field(default_factory=list)
    fri: Hours = Field(default_factory=list)
    sat: Hours = Field(default_factory=list)
    sun: Hours = Field(default_factory=list)


class DayView(BaseModel):
    """A day with hours of its own; none means closed."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    name: Annotated[str, Field(max_length=200)] = ""
    hours: Hours = Field(default_factory=list)


class NewCalendar(BaseModel):
    """``country`` closes its public holidays; own days go before them."""

    name: Name
    time_zone: Annotated[str, Field(min_length=1, max_length=64)]
    hours: WeekView
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    subdivision: Annotated[str, Field(min_length=1, max_length=8)] | None = None
    is_default: bool = False
    days: Annotated[list[DayView], Field(max_length=400)] = Field(default_factory=list)


class CalendarEdit(NewCalendar):
    """The whole calendar as it is to be."""

    version: Version


class CalendarView(NewCalendar):
    """A calendar with its own days."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    updated_at: datetime


class PreviewDayView(BaseModel):
    """A day as it would be; ``name`` is the holiday's, or that of the day's own hours."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    name: str | None
    hours: list[list[str]]


class PreviewView(BaseModel):
    """What a calendar would mean; ``changes_at`` is null when it never opens or never closes."""

    model_config = ConfigDict(from_attributes=True)

    is_open: bool
    changes_at: datetime | None
    days: list[PreviewDayView]


class HolidayRegion(BaseModel):
    """A country whose public holidays are known, with the subdivisions that have their own."""

    country: str
    subdivisions: list[str]


class HolidayRegionList(BaseModel):
    items: list[HolidayRegion]
    next_cursor: None = None


class HolidayView(BaseModel):
    day: date
    name: str


class NewPolicy(BaseModel):
    """What is promised to tickets of this kind; null fits every kind, or promises nothing."""

    name: Name
    position: Annotated[int, Field(ge=0, le=MAX_POSITION)]
    """The first policy that fits counts."""
    type: TicketType | None = None
    priority: TicketPriority | None = None
    segment: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    calendar_id: UUID
    first_response_minutes: Minutes | None = None
    resolution_minutes: Minutes | None = None
    warn_minutes: Annotated[int, Field(ge=0, le=MAX_MINUTES)] = 30
    active: bool = True


class PolicyEdit(NewPolicy):
    """The whole policy as it is to be."""

    version: Version


class PolicyView(NewPolicy):
    """A policy."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    updated_at: datetime
