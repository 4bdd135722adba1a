"""Dates, money and lists the way the shop says them."""

from collections.abc import Sequence
from datetime import date, datetime

from foundation.money import format_money

__all__ = ["day", "days_between", "first_name", "listing", "money", "plural"]

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

money = format_money


def day(value: date | datetime, *, today: date) -> str:
    """``Tue 24 Nov``; with the year when it is not this one. English on every machine."""
    text = f"{_WEEKDAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]}"
    return text if value.year == today.year else f"{text} {value.year}"


def days_between(earliest: date, latest: date | None, *, today: date) -> str:
    """``on Tue 24 Nov``, or ``between … and …``; today and tomorrow are called that."""
    if latest is None or latest == earliest:
        return _on(earliest, today)
    return f"between {day(earliest, today=today)} and {day(latest, today=today)}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """``1 item``, ``2 items``."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def listing(words: Sequence[str], *, last: str = "and") -> str:
    """``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def first_name(name: str) -> str:
    """What to call somebody."""
    return name.split(maxsplit=1)[0] if name.split() else ""


def _on(value: date, today: date) -> str:
    away = (value - today).days
    if away == 0:
        return "today"
    if away == 1:
        return "tomorrow"
    return f"on {day(value, today=today)}"
