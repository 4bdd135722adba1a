"""Keeping calendars, on each database."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm_store.asking import AsSystem
from crm_store.calendars.drafts import CalendarDraft, DayDraft
from crm_store.calendars.errors import CalendarChanged
from crm_store.calendars.loading import business_hours
from crm_store.calendars.preview import PREVIEW_DAYS, PreviewDay, preview
from crm_store.calendars.service import CalendarService
from crm_store.database import Database
from foundation.errors import Conflict, Invalid

ASKER = AsSystem("test")
BERLIN = ZoneInfo("Europe/Berlin")
HOURS = {"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "thu": [["09:00", "17:00"]]}


def draft(**given: Any) -> CalendarDraft:
    return CalendarDraft(**{"name": "Office", "time_zone": "Europe/Berlin", "hours": HOURS} | given)


def test_holidays_and_own_days(database: Database) -> None:
    own = [
        DayDraft(date(2026, 6, 4), "Open on Corpus Christi", [["10:00", "11:00"]]),
        DayDraft(date(2026, 6, 11), "Inventory", []),
    ]
    with database.transaction() as session:
        calendar = CalendarService(session).add(
            draft(country="DE", subdivision="BY", days=own), asker=ASKER
        )
    with database.reading() as session:
        stored = CalendarService(session).get(calendar.id, asker=ASKER)
        hours = business_hours(stored)
        holidays = CalendarService(session).holidays(calendar.id, year=2026, asker=ASKER)
    assert hours.is_open(datetime(2026, 6, 4, 10, 30, tzinfo=BERLIN))
    assert not hours.is_open(datetime(2026, 6, 4, 12, tzinfo=BERLIN))
    assert not hours.is_open(datetime(2026, 6, 11, 12, tzinfo=BERLIN))
    assert not hours.is_open(datetime(2026, 5, 25, 10, tzinfo=BERLIN))  # Whit Monday
    assert hours.is_open(datetime(2026, 5, 18, 10, tzinfo=BERLIN))
    assert date(2026, 6, 4) not in {day for day, _ in holidays}


def test_a_preview_heeds_holidays_and_own_days() -> None:
    thursday = datetime(2026, 6, 4, 8, tzinfo=BERLIN)  # Corpus Christi
    own = [DayDraft(date(2026, 6, 8), "Inventory", [["10:00", "11:00"]])]
    found = preview(draft(country="DE", subdivision="BY", days=own), thursday)
    assert not found.is_open
    assert found.changes_at == datetime(2026, 6, 8, 10, tzinfo=BERLIN)
    days = {entry.day: entry for entry in found.days}
    assert len(days) == PREVIEW_DAYS
    assert days[date(2026, 6, 4)].hours == []
    assert days[date(2026, 6, 4)].name
    assert days[date(2026, 6, 8)] == PreviewDay(date(2026, 6, 8), "Inventory", [["10:00", "11:00"]])
    assert days[date(2026, 6, 11)] == PreviewDay(date(2026, 6, 11), None, HOURS["thu"])
    open_now = preview(draft(days=own), datetime(2026, 6, 8, 10, 30, tzinfo=BERLIN))
    assert (open_now.is_open, open_now.changes_at) == (
        True,
        datetime(2026, 6, 8, 11, tzinfo=BERLIN),
    )


def test_one_default_and_one_winner(database: Database) -> None:
    with database.transaction() as session:
        calendars = CalendarService(session)
        first = calendars.add(draft(is_default=True), asker=ASKER)
        calendars.add(draft(name="Other", is_default=True), asker=ASKER)
    with database.transaction() as session:
        calendars = CalendarService(session)
        assert not calendars.get(first.id, asker=ASKER).is_default
        with pytest.raises(Conflict, match="name"):
            calendars.add(draft(), asker=ASKER)
        changed = calendars.change(first.id, draft(hours=HOURS), version=1, asker=ASKER)
        assert changed.version == 2
        with pytest.raises(CalendarChanged):
            calendars.change(first.id, draft(), version=1, asker=ASKER)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"time_zone": ""}, "time_zone"),
        ({"hours": {}}, "hours"),
        ({"hours": {"foo": []}}, "hours"),
        ({"hours": {"mon": [["17:00", "09:00"]]}}, "hours.mon"),
        ({"hours": {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}}, "hours.mon"),
        ({"hours": {"mon": [["9", "12:00"]]}}, "hours.mon"),
        ({"hours": {"mon": "09:00"}}, "hours.mon"),
        ({"country": "XX"}, "country"),
        ({"country": "DE", "subdivision": "TX"}, "subdivision"),
        ({"subdivision": "BY"}, "subdivision"),
        (
            {"days": [DayDraft(date(2026, 1, 2), "a", []), DayDraft(date(2026, 1, 2), "b", [])]},
            "days",
        ),
    ],
)
def test_what_is_wrong_is_named(sqlite_database: Database, given: Any, field: str) -> None:
    with sqlite_database.transaction() as session, pytest.raises(Invalid, match=f"^{field}:"):
        CalendarService(session).add(draft(**given), asker=ASKER)
