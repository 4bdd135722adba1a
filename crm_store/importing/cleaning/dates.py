"""Times and days in the many forms that files have them in."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from crm_store.importing.cleaning.months import MONTHS
from crm_store.importing.cleaning.rules import BadValue, Tally, rule

_is_iso = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?"
).fullmatch
_TIME = (
    r"(?:[T ,]+(?:at |um )?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r" ?(?P<half>[AaPp]\.?[Mm]\.?)?(?: Uhr)? ?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?)?"
)
_FORMS = tuple(
    re.compile(form + _TIME, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})",
        r"(?P<year>\d{4}) ?[年년] ?(?P<month>\d{1,2}) ?[月월] ?(?P<day>\d{1,2}) ?[日일]?",
        r"(?P<one>\d{1,2})(?P<mark>[-/. ])(?P<two>\d{1,2})(?P=mark)(?P<year>\d{4}|\d\d)",
        r"(?:[^\W\d]{2,12}\.?,? )?(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[- /]*(?:of )?"
        r"(?P<name>[^\W\d]{3,12})\.?,?[- /]*(?P<year>\d{4}|\d\d)",
        r"(?:[^\W\d]{2,12}\.?,? )?(?P<name>[^\W\d]{3,12})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? "
        r"(?P<year>\d{4})",
        r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)",
    )
)
_NUMBER = re.compile(r"\d{1,13}(?:\.\d+)?").fullmatch
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a serial knows no zone
_SERIALS = (1.0, 80_000.0)  # 1900 to 2119
_SECONDS = (80_000_001.0, 4_102_444_800.0)  # 1972 to 2100
_SENTINELS = frozenset({date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1, 1, 1)})
_NO_DATE = re.compile(r"0{1,4}([-/.]0{1,4}){2}(?:[T ][0:.]+)?").fullmatch
_LAST_YEAR = 9_000  # 9999-12-31 and its relatives
_FIRST = datetime(1900, 1, 1, tzinfo=UTC)
_PIVOT = 69  # as POSIX has it: 69 to 99 are 1969 to 1999


@dataclass(frozen=True, slots=True)
class DateReading:
    """How a column's dates are read.

    Attributes:
        day_first: whether ``03/04/2026`` is the third of April; None: such a date is refused.
        zone: where a time without one was told.
        format: a ``strptime`` format that every value has, where the mapping names one.
    """

    day_first: bool | None = None
    zone: str = "UTC"
    format: str | None = None


def clean_moment(
    cell: object, reading: DateReading, tally: Tally, *, latest: datetime
) -> datetime | None:
    """The time in UTC; None where it stands for "no date".

    Raises:
        BadValue: not a time, one before 1900, or one after ``latest``.
    """
    found = _read(cell, reading, tally)
    if is_sentinel(found.date()):
        tally["date_sentinel"] += 1
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC if reading.zone == "UTC" else ZoneInfo(reading.zone))
    try:
        found = found.astimezone(UTC)
    except OverflowError:
        raise BadValue("not a date") from None
    if found < _FIRST:
        raise BadValue("a date before 1900")
    if found > latest:
        raise BadValue("a date in the future")
    return found


@rule("date_sentinel")
def is_sentinel(day: date) -> bool:
    """Read 1900-01-01, 0001-01-01, 9999-12-31 and 0000-00-00 as "no date"."""
    return day in _SENTINELS or day.year >= _LAST_YEAR


@rule("date_form")
def read_written(text: str, reading: DateReading) -> datetime | None:
    """Read dates as people write them: 5.3.2024, 3/5/24, 5 March 2024, 2024年3月5日."""
    for form in _FORMS:
        match = form.fullmatch(text)
        if match is not None:
            return _from_parts(match, reading)
    return None


@rule("date_number")
def read_number(text: str) -> datetime | None:
    """Read numbers as dates: spreadsheet serials, seconds or milliseconds since 1970."""
    if not _NUMBER(text):
        return None
    number = float(text)
    if _SERIALS[0] <= number <= _SERIALS[1]:
        return _EXCEL_EPOCH + timedelta(days=number)
    if _SECONDS[0] <= number <= _SECONDS[1]:
        return datetime.fromtimestamp(number, UTC)
    if _SECONDS[0] <= number / 1_000 <= _SECONDS[1]:
        return datetime.fromtimestamp(number / 1_000, UTC)
    return None


def _read(cell: object, reading: DateReading, tally: Tally) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return _as_told(cell.year, cell.month, cell.day)
    text = str(cell)
    if _NO_DATE(text):
        return _as_told(1, 1, 1)
    try:
        if reading.format:
            return datetime.strptime(text, reading.format)  # noqa: DTZ007  # its zone comes later
        if _is_iso(text):
            return datetime.fromisoformat(text.replace(",", "."))
    except ValueError:
        raise BadValue("not a date of the calendar, or not in the format given") from None
    for rule_name, found in (
        ("date_form", read_written(text, reading)),
        ("date_number", read_number(text)),
    ):
        if found is not None:
            tally[rule_name] += 1
            return found
    raise BadValue("not a date")


def _from_parts(match: re.Match[str], reading: DateReading) -> datetime:
    parts = match.groupdict()
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 1900 if year >= _PIVOT else 2000
    if parts.get("one"):
        day, month = _day_and_month(int(parts["one"]), int(parts["two"]), reading.day_first)
    elif parts.get("name"):
        name = MONTHS.get(parts["name"].casefold())
        if name is None:
            raise BadValue("not a date")
        day, month = int(parts["day"]), name
    else:
        day, month = int(parts["day"]), int(parts["month"])
    try:
        found = _as_told(year, month, day, *_clock(parts))
    except ValueError:
        raise BadValue("not a date of the calendar") from None
    zone = (parts["zone"] or "").upper()
    if not zone:
        return found
    if zone in {"Z", "UTC", "GMT"}:
        return found.replace(tzinfo=UTC)
    return datetime.fromisoformat(f"{found.isoformat()}{zone}")


def _day_and_month(one: int, two: int, day_first: bool | None) -> tuple[int, int]:
    if day_first is None:
        if one == two or one > 12:
            return one, two
        if two > 12:
            return two, one
        raise BadValue("day or month first? say `day_first` in the mapping")
    return (one, two) if day_first else (two, one)


def _clock(parts: dict[str, str]) -> tuple[int, int, int]:
    if not parts["hour"]:
        return 0, 0, 0
    hour, half = int(parts["hour"]), (parts["half"] or "").lower().replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            raise BadValue("not a time of the day")
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour, int(parts["minute"]), int(parts["second"] or 0)


def _as_told(*parts: int) -> datetime:
    """A time without a zone: where it was told is looked at later."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001
