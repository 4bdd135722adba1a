"""Sums of money and days in a message, as values; the assistant sends them beside what was said."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Entities = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SaidAmount:
    """A sum of money; ``start`` is where it stands in the text."""

    minor: int
    currency: str
    start: int


@dataclass(frozen=True, slots=True)
class SaidDays:
    """A day, or all of a stretch of days: "yesterday", "last week"."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def read_amounts(entities: Entities) -> Iterator[SaidAmount]:
    """The sums, in the order said; those without a value are left out."""
    for entity in entities:
        minor, start = entity.get("minor"), entity.get("start")
        if entity.get("entity") == "amount" and isinstance(minor, int) and isinstance(start, int):
            yield SaidAmount(minor, str(entity.get("currency") or ""), start)


def read_days(entities: Entities) -> Iterator[SaidDays]:
    """The dates, in the order said; those that were not understood as days are left out."""
    for entity in entities:
        if entity.get("entity") == "date" and entity.get("iso"):
            first, _, last = str(entity["iso"]).partition("/")
            try:
                yield SaidDays(date.fromisoformat(first), date.fromisoformat(last or first))
            except ValueError:
                continue
