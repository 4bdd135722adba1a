"""Whether a column's dates have the day or the month first, from the evidence in it."""

import re
from collections.abc import Iterable

_SHORT_DATE = re.compile(r"\s*(\d{1,2})([-/. ])(\d{1,2})\2(?:\d{4}|\d\d)\b.*", re.DOTALL)
_MONTH_FIRST_REGIONS = frozenset({"US", "CA", "PH", "FM", "MH", "PW", "GU", "PR", "VI"})


class Contradiction(Exception):
    """Some dates of the column have the day first, others the month."""


def day_comes_first(cells: Iterable[object], region: str | None = None) -> bool | None:
    """Whether the day comes first in a column's dates.

    A first number above 12 can only be a day, a second one too. Where no date tells: dates with
    dots have the day first wherever they are written; with slashes or hyphens the region decides.

    Returns:
        None where nothing decides it, or nothing needs to be decided.

    Raises:
        Contradiction: both orders are certain, each for some dates.
    """
    first = second = undecided = False
    marks: set[str] = set()
    for cell in cells:
        match = _SHORT_DATE.fullmatch(cell) if isinstance(cell, str) else None
        if match is None:
            continue
        one, two = int(match.group(1)), int(match.group(3))
        marks.add(match.group(2))
        first = first or 12 < one <= 31
        second = second or 12 < two <= 31
        undecided = undecided or (one <= 12 and two <= 12 and one != two)
    if first and second:
        raise Contradiction
    if first or second:
        return first
    if not undecided:
        return None
    if marks == {"."}:
        return True
    return region not in _MONTH_FIRST_REGIONS if region else None
