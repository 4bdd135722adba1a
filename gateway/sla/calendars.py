"""``/api/v1/business-calendars``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from crm_store.calendars.drafts import CalendarDraft, DayDraft
from crm_store.calendars.service import CALENDAR_SORTS, CalendarService
from crm_store.lists import ListQuery
from gateway.auth.staff import StaffDep
from gateway.listing import listing
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of
from gateway.sla.schemas import (
    CalendarEdit,
    CalendarView,
    HolidayRegion,
    HolidayRegionList,
    HolidayView,
    NewCalendar,
    PreviewView,
)

router = APIRouter(prefix="/business-calendars", tags=["service levels"])

CalendarPage = Annotated[ListQuery, listing(CALENDAR_SORTS)]


@router.get("")
def list_calendars(staff: StaffDep, parts: PartsDep, page: CalendarPage) -> ListOf[CalendarView]:
    """Business calendars, by name."""
    with parts.database.reading() as session:
        found = CalendarService(session).list(page, asker=staff.asker)
        return list_of(found, CalendarView.model_validate)


@router.post("", status_code=201)
def add_calendar(body: NewCalendar, staff: StaffDep, parts: PartsDep) -> CalendarView:
    """A new calendar."""
    with parts.database.transaction() as session:
        calendar = CalendarService(session).add(_draft(body), asker=staff.asker)
        return CalendarView.model_validate(calendar)


@router.post("/preview")
def preview_calendar(body: NewCalendar, staff: StaffDep, parts: PartsDep) -> PreviewView:
    """What a calendar like this would mean from now on; nothing is stored."""
    with parts.database.reading() as session:
        found = CalendarService(session).preview(_draft(body), asker=staff.asker)
    return PreviewView.model_validate(found)


@router.get("/holiday-regions")
def list_holiday_regions(staff: StaffDep, parts: PartsDep) -> HolidayRegionList:
    """The countries whose public holidays are known."""
    with parts.database.reading() as session:
        found = CalendarService(session).regions(asker=staff.asker)
    return HolidayRegionList(
        items=[HolidayRegion(country=code, subdivisions=list(own)) for code, own in found]
    )


@router.get("/{calendar_id}")
def get_calendar(calendar_id: UUID, staff: StaffDep, parts: PartsDep) -> CalendarView:
    """One calendar with its own days."""
    with parts.database.reading() as session:
        calendar = CalendarService(session).get(calendar_id, asker=staff.asker)
        return CalendarView.model_validate(calendar)


@router.get("/{calendar_id}/holidays")
def list_holidays(
    calendar_id: UUID,
    staff: StaffDep,
    parts: PartsDep,
    year: Annotated[int, Query(ge=1970, le=2100)],
) -> ListOf[HolidayView]:
    """The public holidays of a year by which the calendar is closed."""
    with parts.database.reading() as session:
        found = CalendarService(session).holidays(calendar_id, year=year, asker=staff.asker)
    return ListOf(items=[HolidayView(day=day, name=name) for day, name in found])


@router.put("/{calendar_id}")
def change_calendar(
    calendar_id: UUID, body: CalendarEdit, staff: StaffDep, parts: PartsDep
) -> CalendarView:
    """Make the calendar as sent; open tickets' clocks follow within a minute."""
    with parts.database.transaction() as session:
        calendar = CalendarService(session).change(
            calendar_id, _draft(body), version=body.version, asker=staff.asker
        )
        return CalendarView.model_validate(calendar)


@router.delete("/{calendar_id}", status_code=204)
def remove_calendar(calendar_id: UUID, staff: StaffDep, parts: PartsDep) -> Response:
    """Forget a calendar by which no policy counts."""
    with parts.database.transaction() as session:
        CalendarService(session).remove(calendar_id, asker=staff.asker)
    return Response(status_code=204)


def _draft(body: NewCalendar) -> CalendarDraft:
    return CalendarDraft(
        name=body.name,
        time_zone=body.time_zone,
        hours=body.hours.model_dump(),
        country=body.country,
        subdivision=body.subdivision,
        is_default=body.is_default,
        days=[DayDraft(entry.day, entry.name, entry.hours) for entry in body.days],
    )
