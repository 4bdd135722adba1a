"""From the pieces of a date to the days that are meant.

Each function takes a match of a rule in ``dates`` and returns None where no date is meant. It
raises ValueError where there is no such day.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.components.entities import date_words as words
from bot.components.entities import days
from bot.components.entities.days import Span
from bot.components.entities.tense import Tense, tense_at

_FIRST_YEAR, _YEARS_AHEAD = 1990, 3
_MONTHS = 12
_NEAR = 25
"""Characters between a season and the word that says that something happened then."""
_SHIFTS = {"last": -1, "past": -1, "previous": -1, "this": 0}
_SHIFTS |= {"next": 1, "coming": 1, "following": 1}

# What stands before numbers that could be something else: a price, a fraction, a size.
_DATED = re.compile(
    r"(?:\b(?:on|by|since|until|till|from|before|after|of|dated?|for|was|is|ordered|bought|placed"
    r"|purchased|received|delivered|arrived|came|got|due|(?:on|by|since|until|from) the)|^)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a date is read against: the day of the message, and whether 3/4 is the 3rd of April."""

    today: date
    day_first: bool = True


Resolver = Callable[[re.Match[str], Reference], Span | None]


def iso_day(match: re.Match[str], reference: Reference) -> Span | None:
    """``2024-05-03``."""
    day = date(int(match["year"]), int(match["second"]), int(match["first"]))
    return days.one(day) if _plausible(day.year, reference) else None


def numeric_day(match: re.Match[str], reference: Reference) -> Span | None:
    """``3.5.2024``, ``12/03``: the order of day and month is a setting, unless only one fits."""
    day, month = int(match["first"]), int(match["second"])
    if (not reference.day_first and day <= _MONTHS) or month > _MONTHS:
        day, month = month, day
    return _in_some_year(lambda y: days.one(date(y, month, day)), match, reference)


def numeric_day_if_dated(match: re.Match[str], reference: Reference) -> Span | None:
    """The same without a year, where the words before it speak of a day, or it stands alone."""
    before, behind = match.string[: match.start()], match.string[match.end() :]
    alone = not before.strip()
    if not _DATED.search(before) or (alone and behind.strip(" .!?")):
        return None
    return numeric_day(match, reference)


def named_day(match: re.Match[str], reference: Reference) -> Span | None:
    """``12th of March``, ``March 12, 2024``."""
    day, month = int(match["day"]), words.month_number(match["month"])
    return _in_some_year(lambda y: days.one(date(y, month, day)), match, reference)


def day_of_month(match: re.Match[str], reference: Reference) -> Span | None:
    """``the 14th``, ``the 1st of next month``."""
    day, today = int(match["day"]), reference.today
    months = [days.month(today.year, today.month + near) for near in range(-2, 3)]
    if which := _piece(match, "rel"):
        return days.one(months[2 + _SHIFTS[which]][0].replace(day=day))
    possible = [days.one(first.replace(day=day)) for first, last in months if day <= last.day]
    return days.nearest(possible, today, future=_looks_ahead(match))


def whole_month(match: re.Match[str], reference: Reference) -> Span | None:
    """``march``, ``last march``, ``may 2023``."""
    number = words.month_number(match["month"])
    return _in_some_year(lambda y: days.month(y, number), match, reference)


def whole_year(match: re.Match[str], reference: Reference) -> Span | None:
    """``2023``."""
    number = int(match["year"])
    return days.year(number) if _plausible(number, reference) else None


def near_day(distance: int) -> Resolver:
    """``yesterday``, ``tomorrow``, …: a fixed number of days away."""
    return lambda _, reference: days.one(reference.today + timedelta(days=distance))


def weekday(match: re.Match[str], reference: Reference) -> Span | None:
    """``last tuesday``, ``monday next week``; never the day of the message itself."""
    today, wanted = reference.today, words.weekday_number(match["day"])
    which, of_week = _piece(match, "which"), _piece(match, "week", "week_before")
    if of_week or which == "this":
        around = today + timedelta(days=7 * _SHIFTS[of_week or "this"])
        return days.one(days.week(around)[0] + timedelta(days=wanted))
    ahead = _SHIFTS[which] > 0 if which else _looks_ahead(match)
    if ahead:
        return days.one(today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1))
    return days.one(today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1))


def period(match: re.Match[str], reference: Reference) -> Span | None:
    """``last week``, ``this weekend``, ``next month``."""
    today, unit, shift = reference.today, _piece(match, "unit"), _SHIFTS[_piece(match, "which")]
    if unit in ("week", "weekend"):
        around = today + timedelta(days=7 * shift)
        return days.week(around) if unit == "week" else days.weekend(around)
    if unit == "month":
        return days.month(today.year, today.month + shift)
    return days.year(today.year + shift)


def season(match: re.Match[str], reference: Reference) -> Span | None:
    """``last summer``, ``spring 2023``."""
    name = _piece(match, "season")
    return _in_some_year(lambda y: days.season(name, y), match, reference)


def season_if_past(match: re.Match[str], reference: Reference) -> Span | None:
    """``in spring``, where something happened then: "warm in winter" is a property."""
    happened = tense_at(match.string, *match.span(), reach=_NEAR) is Tense.PAST
    return season(match, reference) if happened else None


def ago(match: re.Match[str], reference: Reference) -> Span | None:
    """``3 days ago`` is a day; of weeks, months and years ago the whole one is meant."""
    today, unit = reference.today, _piece(match, "unit")
    said = match["count"]
    least, most = words.count_range(said, unit)
    if _piece(match, "ahead"):
        least, most = -most, -least
    if words.is_half(said):
        if unit != "year":
            return None
        unit = "month"
    if unit == "day":
        return today - timedelta(days=most), today - timedelta(days=least)
    if unit == "month":
        earliest, latest = today.month - most, today.month - least
        return days.month(today.year, earliest)[0], days.month(today.year, latest)[1]
    if unit == "year":
        return days.year(today.year - most)[0], days.year(today.year - least)[1]
    length = 14 if unit == "fortnight" else 7
    earliest_week = days.week(today - timedelta(days=length * most))
    return earliest_week[0], days.week(today - timedelta(days=length * least))[1]


def feast(match: re.Match[str], reference: Reference) -> Span | None:
    """``christmas``, ``last easter``, ``new year's eve 2023``."""
    return _in_some_year(days.FEASTS[words.feast_name(match["feast"])], match, reference)


def _in_some_year(
    make: Callable[[int], Span], match: re.Match[str], reference: Reference
) -> Span | None:
    """The thing in the year that was said, else in the last or the coming one."""
    today = reference.today
    if number := _piece(match, "year"):
        year = int(number) + (2000 if len(number) == 2 else 0)
        return make(year) if _plausible(year, reference) else None
    if of_year := _piece(match, "rel"):
        return make(today.year + _SHIFTS[of_year])
    around = _in_years(make, (today.year - 1, today.year, today.year + 1))
    which = _piece(match, "which")
    if which == "this":
        return days.nearest_to(around, today)
    if which and _SHIFTS[which] < 0:
        return max((span for span in around if span[1] < today), default=None)
    if which:
        return min((span for span in around if span[0] > today), default=None)
    return days.nearest(around, today, future=_looks_ahead(match))


def _in_years(make: Callable[[int], Span], years: tuple[int, ...]) -> list[Span]:
    spans = []
    for year in years:
        try:
            spans.append(make(year))
        except ValueError:  # the 29th of February is not in every year
            continue
    if not spans:
        raise ValueError("no such day in any year")
    return spans


def _looks_ahead(match: re.Match[str]) -> bool:
    return tense_at(match.string, *match.span()) is Tense.FUTURE


def _plausible(year: int, reference: Reference) -> bool:
    return _FIRST_YEAR <= year <= reference.today.year + _YEARS_AHEAD


def _piece(match: re.Match[str], *names: str) -> str:
    """The first of these groups that the rule has and that matched, in lower case, else empty."""
    found = match.groupdict()
    return next((found[name].lower() for name in names if found.get(name)), "")
