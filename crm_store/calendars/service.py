"""Keeping business calendars."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from crm_store import audit
from crm_store.asking import Asker, user_of
from crm_store.calendars.drafts import CalendarDraft
from crm_store.calendars.errors import CalendarChanged, CalendarInUse, CalendarNotFound
from crm_store.calendars.preview import Preview, preview
from crm_store.calendars.public_holidays import holidays_of_year, supported
from crm_store.editing import unique
from crm_store.lists import ListQuery, SortKey, Sorts
from crm_store.models import BusinessCalendar, CalendarDay, SlaPolicy
from crm_store.pages import Page
from crm_store.permissions import Permission, require
from crm_store.sla.stale import mark_stale
from foundation.clock import utc_now

_TAKEN = "name: another calendar has it"
CALENDAR_SORTS = Sorts(
    {"name": SortKey(BusinessCalendar.name, str)}, default="name", unique=BusinessCalendar.id
)


class CalendarService:
    """Calendars are read by whoever reads tickets, and kept by who manages the settings."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self, query: ListQuery, *, asker: Asker) -> Page[BusinessCalendar]:
        """Calendars with their own days, a page at a time."""
        require(asker, Permission.TICKETS_READ)
        statement = select(BusinessCalendar).options(selectinload(BusinessCalendar.days))
        return CALENDAR_SORTS.page(self._session, statement, query)

    def get(self, calendar_id: UUID, *, asker: Asker) -> BusinessCalendar:
        """The calendar with its own days.

        Raises:
            CalendarNotFound: absent.
        """
        require(asker, Permission.TICKETS_READ)
        return self._find(calendar_id)

    def holidays(self, calendar_id: UUID, *, year: int, asker: Asker) -> Sequence[tuple[date, str]]:
        """The public holidays of a year by which the calendar is closed, in order.

        Raises:
            CalendarNotFound: absent.
        """
        calendar = self.get(calendar_id, asker=asker)
        if calendar.country is None:
            return []
        own = {entry.day for entry in calendar.days}
        found = holidays_of_year(calendar.country, calendar.subdivision, year)
        return sorted((day, name) for day, name in found.items() if day not in own)

    def regions(self, *, asker: Asker) -> Sequence[tuple[str, Sequence[str]]]:
        """The countries whose public holidays are known, each with its subdivisions."""
        require(asker, Permission.TICKETS_READ)
        return [*supported().items()]

    def preview(self, draft: CalendarDraft, *, asker: Asker) -> Preview:
        """What the draft would mean from now on; nothing is stored.

        Raises:
            Invalid: the draft is wrong; the detail says where.
        """
        require(asker, Permission.TICKETS_READ)
        return preview(draft, utc_now())

    def add(self, draft: CalendarDraft, *, asker: Asker) -> BusinessCalendar:
        """A new calendar; as the default it takes the place of the one before.

        Raises:
            Invalid: the draft is wrong; the detail says where.
            Conflict: the name is taken.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        calendar = BusinessCalendar(**draft.values(), updated_by_id=user_of(asker))
        calendar.days = [CalendarDay(**values) for values in draft.day_values()]
        self._make_room(draft, None)
        with unique(self._session, _TAKEN):
            self._session.add(calendar)
        audit.record(self._session, asker, "calendar.added", "calendar", calendar.id)
        return calendar

    def change(
        self, calendar_id: UUID, draft: CalendarDraft, *, version: int, asker: Asker
    ) -> BusinessCalendar:
        """Make the calendar as the draft says; open tickets' clocks follow.

        Raises:
            CalendarNotFound: absent.
            CalendarChanged: it is no longer the version that the caller has seen.
            Invalid, Conflict: as for ``add``.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        values, days = draft.values(), draft.day_values()
        self._make_room(draft, calendar_id)
        changed = self._session.scalar(
            update(BusinessCalendar)
            .where(BusinessCalendar.id == calendar_id, BusinessCalendar.version == version)
            .values(version=version + 1, updated_at=utc_now(), updated_by_id=user_of(asker))
            .returning(BusinessCalendar.id)
        )
        calendar = self._find(calendar_id)
        if changed is None:
            raise CalendarChanged
        with unique(self._session, _TAKEN):
            for name, value in values.items():
                setattr(calendar, name, value)
            calendar.days.clear()
            self._session.flush()
            calendar.days = [CalendarDay(**entry) for entry in days]
        mark_stale(self._session, calendar_id=calendar_id)
        audit.record(self._session, asker, "calendar.changed", "calendar", calendar_id)
        return calendar

    def remove(self, calendar_id: UUID, *, asker: Asker) -> None:
        """Forget a calendar.

        Raises:
            CalendarNotFound: absent.
            CalendarInUse: a policy counts by it.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        calendar = self._find(calendar_id)
        used = select(SlaPolicy.name).where(SlaPolicy.calendar_id == calendar_id).limit(1)
        if (name := self._session.scalar(used)) is not None:
            raise CalendarInUse(f'The policy "{name}" counts by it.')
        self._session.delete(calendar)
        self._session.flush()
        audit.record(self._session, asker, "calendar.removed", "calendar", calendar_id)

    def _find(self, calendar_id: UUID) -> BusinessCalendar:
        calendar = self._session.scalar(
            select(BusinessCalendar)
            .where(BusinessCalendar.id == calendar_id)
            .options(selectinload(BusinessCalendar.days))
            .execution_options(populate_existing=True)
        )
        if calendar is None:
            raise CalendarNotFound
        return calendar

    def _make_room(self, draft: CalendarDraft, calendar_id: UUID | None) -> None:
        if draft.is_default:
            self._session.execute(
                update(BusinessCalendar)
                .where(BusinessCalendar.is_default, BusinessCalendar.id != calendar_id)
                .values(is_default=False)
                if calendar_id is not None
                else update(BusinessCalendar).values(is_default=False)
            )
