"""Stretches of days: weeks, months, seasons, feasts, and what lies around a reference day."""

from collections.abc import Callable
from datetime import date, timedelta

Span = tuple[date, date]
"""The first and the last day, both included."""

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_SATURDAY = 5


def one(day: date) -> Span:
    """A single day."""
    return day, day


def week(day: date) -> Span:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def weekend(day: date) -> Span:
    """Saturday and Sunday of the day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday + timedelta(days=_SATURDAY), monday + timedelta(days=_SATURDAY + 1)


def month(year: int, number: int) -> Span:
    """The whole month; ``number`` may run over into the years around."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    first = date(year, number, 1)
    following = date(year + number // 12, number % 12 + 1, 1)
    return first, following - timedelta(days=1)


def year(number: int) -> Span:
    """January to December."""
    return date(number, 1, 1), date(number, 12, 31)


def season(name: str, number: int) -> Span:
    """Three whole months; the winter of a year begins in its December."""
    first = _SEASONS[name]
    return month(number, first)[0], month(number, first + 2)[1]


def easter(number: int) -> date:
    """Easter Sunday of the western churches, by the rule of the Gregorian calendar.

    The anonymous algorithm of 1876 (Meeus, Astronomical Algorithms, chapter 8).
    """
    a, (b, c) = number % 19, divmod(number, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    rest = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * rest) // 451
    months, days = divmod(h + rest - 7 * m + 114, 31)
    return date(number, months, days + 1)


def nth_weekday(number: int, of_month: int, weekday: int, nth: int) -> date:
    """The ``nth`` (from 1) weekday (Monday is 0) of a month."""
    first = date(number, of_month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def black_friday(number: int) -> date:
    """The day after the fourth Thursday of November."""
    return nth_weekday(number, 11, 3, 4) + timedelta(days=1)


FEASTS: dict[str, Callable[[int], Span]] = {
    "new year's eve": lambda y: one(date(y, 12, 31)),
    "new year's day": lambda y: one(date(y, 1, 1)),
    "new year": lambda y: one(date(y, 1, 1)),
    "valentine's day": lambda y: one(date(y, 2, 14)),
    "good friday": lambda y: one(easter(y) - timedelta(days=2)),
    "easter sunday": lambda y: one(easter(y)),
    "easter monday": lambda y: one(easter(y) + timedelta(days=1)),
    "easter": lambda y: (easter(y) - timedelta(days=2), easter(y) + timedelta(days=1)),
    "mother's day": lambda y: one(nth_weekday(y, 5, 6, 2)),
    "whitsun": lambda y: (easter(y) + timedelta(days=49), easter(y) + timedelta(days=50)),
    "pentecost": lambda y: (easter(y) + timedelta(days=49), easter(y) + timedelta(days=50)),
    "halloween": lambda y: one(date(y, 10, 31)),
    "thanksgiving": lambda y: one(nth_weekday(y, 11, 3, 4)),
    "black friday": lambda y: one(black_friday(y)),
    "cyber monday": lambda y: one(black_friday(y) + timedelta(days=3)),
    "christmas eve": lambda y: one(date(y, 12, 24)),
    "christmas day": lambda y: one(date(y, 12, 25)),
    "boxing day": lambda y: one(date(y, 12, 26)),
    "christmas": lambda y: (date(y, 12, 24), date(y, 12, 26)),
    "xmas": lambda y: (date(y, 12, 24), date(y, 12, 26)),
}
"""Feasts by name, longer names first, each for a year."""


def nearest(candidates: list[Span], today: date, *, future: bool) -> Span:
    """Of the same thing in several years: the last one that began, or the next that has not ended.

    A thing that is going on counts for both.
    """
    if future:
        return min(span for span in candidates if span[1] >= today)
    return max(span for span in candidates if span[0] <= today)


def nearest_to(candidates: list[Span], today: date) -> Span:
    """The one that is going on, else the one of the same year."""
    going_on = (span for span in candidates if span[0] <= today <= span[1])
    return next(going_on, min(candidates, key=lambda span: abs(span[0].year - today.year)))
