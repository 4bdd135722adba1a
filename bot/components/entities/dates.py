"""Points in the calendar, as said and as days; all texts are folded.

Durations ("for two weeks"), hours and habits ("on saturdays") are no points in the calendar. A
date that leaves its year or its week open is the last one, unless the words look ahead.
"""

import re
from collections.abc import Iterator

from bot.components.entities import date_reading as reading
from bot.components.entities import date_words as words
from bot.components.entities.date_reading import Reference, Resolver
from bot.components.entities.days import Span
from bot.components.entities.found import Found

DATE = "date"

_OF_YEAR = r"(?:[.,]?\s+(?:of\s+)?(?P<year>(?:19|20)\d\d)\b|\s+(?P<rel>last|this|next)\s+year\b)"
_YEAR = rf"{_OF_YEAR}?"
_WHICH = r"(?P<which>last|past|previous|this|next|coming|following)\s+"
_ON = r"(?:on|by|since|until|till)\s+"
_WHEN = r"(?:in|since|until|till|by|before|after|from|of|during|for|early|mid|late|around)\s+"
_SEASON = r"spring|summer|autumn|fall|winter"
_ENDS = r"(?=\s*(?:$|[.,!?;:)]|(?:and|or|but|at|in|so|will|because|as|it|i|we|to|please|pls|is)\b))"
# "12.04 €", "3/4 inch", "may 2 people …" are no dates.
_NO_UNIT = (
    r"(?!\s*(?:[€$£%]|(?:euros?|eur|[ap]m|h|l|lit(?:re|er)s?|k?g|[cmk]?m|inch|x|people|persons?"
    r"|pieces|items|season)\b))"
)


def find_dates(text: str, reference: Reference) -> Iterator[Found]:
    """Dates as said, in lower case; ``iso`` is the day, or ``first/last`` of a stretch of days."""
    if not _TRIGGER.search(text):
        return
    for rule, resolve in _RULES:
        for match in rule.finditer(text):
            try:
                span = resolve(match, reference)
            except (ValueError, OverflowError):  # the 31st of April, 999 years ago
                continue
            if span is not None:
                start, end = match.span("said" if "said" in rule.groupindex else 0)
                value = " ".join(text[start:end].split()).lower()
                yield Found(DATE, start, end, value, {"iso": _iso(span)})


def _iso(span: Span) -> str:
    first, last = (day.isoformat() for day in span)
    return first if first == last else f"{first}/{last}"


def _rule(pattern: str, resolve: Resolver) -> tuple[re.Pattern[str], Resolver]:
    """A group ``said`` is the date where the rule looks at the words around it, too."""
    return re.compile(pattern, re.IGNORECASE), resolve


_RULES: list[tuple[re.Pattern[str], Resolver]] = [
    _rule(
        r"(?<![\w.-])(?P<year>\d{4})[-/](?P<second>\d{2})[-/](?P<first>\d{2})(?![\w-])",
        reading.iso_day,
    ),
    _rule(
        r"(?<![\w./-])(?P<first>\d{1,2})(?P<sign>[./-])(?P<second>\d{1,2})(?P=sign)"
        r"(?P<year>\d{4}|\d{2})(?![\w/-])",
        reading.numeric_day,
    ),
    _rule(
        r"(?<![\w./,-])(?P<first>\d{1,2})\.(?P<second>\d{1,2})\.(?!\d)",
        reading.numeric_day_if_dated,
    ),
    _rule(
        rf"(?<![\w./,-])(?!24/7)(?P<first>\d{{1,2}})[./](?P<second>\d{{1,2}})(?![\w./-]|,\d){_NO_UNIT}",
        reading.numeric_day_if_dated,
    ),
    _rule(
        rf"(?<![\w.,])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s*(?P<month>{words.MONTH})\b"
        rf"{_YEAR}",
        reading.named_day,
    ),
    _rule(
        rf"\b(?P<month>{words.MONTH})\.?\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b"
        rf"(?![.,:]\d){_NO_UNIT}{_YEAR}",
        reading.named_day,
    ),
    _rule(
        r"\b(?:on|by|until|till|since|before|after|from)\s+the\s+"
        r"(?P<said>(?P<day>\d{1,2})(?:st|nd|rd|th)(?:\s+of\s+(?P<rel>this|last|next)\s+month)?)\b"
        rf"{_ENDS}",
        reading.day_of_month,
    ),
    _rule(rf"\b(?:{_WHICH})?(?P<month>{words.PLAIN_MONTH})\b{_YEAR}", reading.whole_month),
    _rule(rf"\b{_WHICH}(?P<month>{words.MONTH})\b{_YEAR}", reading.whole_month),
    _rule(rf"\b{_WHEN}(?P<said>(?P<month>{words.MONTH})\b{_YEAR})", reading.whole_month),
    _rule(rf"\b(?P<month>{words.MONTH})\b{_OF_YEAR}", reading.whole_month),
    _rule(
        rf"\b{_WHEN}(?P<said>(?P<year>(?:19|20)\d\d)\b)(?![.,:/-]\d){_NO_UNIT}", reading.whole_year
    ),
    *(
        _rule(rf"\b(?:{pattern})\b{words.PART_OF_DAY}", reading.near_day(distance))
        for distance, pattern in words.NEAR_DAYS.items()
    ),
    _rule(
        r"(?<!\ba )(?<!\bany )(?<!\bevery )(?<!\beach )(?<!\bsome )"
        rf"\b(?:(?P<week_before>last|this|next)\s+week'?s?\s+(?:on\s+)?)?(?:{_WHICH})?"
        rf"(?P<day>{words.WEEKDAY})\b(?!\s+(?:evening|morning|night|afternoon)s\b)"
        rf"{words.PART_OF_DAY}(?:\s+(?P<week>last|this|next)\s+week\b)?",
        reading.weekday,
    ),
    _rule(rf"\b{_WHICH}(?P<day>{words.SHORT_WEEKDAY})\b", reading.weekday),
    _rule(rf"\b{_ON}(?P<said>(?P<day>{words.SHORT_WEEKDAY})\b)", reading.weekday),
    _rule(rf"\b{_WHICH}(?P<unit>week(?:end)?|month|year)\b", reading.period),
    _rule(rf"\b{_WHICH}(?P<season>{_SEASON})\b{_YEAR}", reading.season),
    _rule(rf"\b(?P<season>{_SEASON})\b{_OF_YEAR}", reading.season),
    _rule(
        r"\b(?:since|until|till|by|before)\s+(?:the\s+)?"
        rf"(?P<said>(?P<season>spring|summer|autumn|winter)\b{_YEAR})",
        reading.season,
    ),
    _rule(
        r"\b(?:in|during|from)\s+(?:the\s+)?"
        rf"(?P<said>(?P<season>spring|summer|autumn|winter)\b{_YEAR})",
        reading.season_if_past,
    ),
    _rule(
        rf"(?<![\w.,])(?P<count>{words.COUNT})\s*(?P<unit>day|week|fortnight|month|year)s?\s+"
        r"(?:ago\b|(?P<ahead>from\s+(?:now|today)\b))",
        reading.ago,
    ),
    _rule(rf"\b(?:{_WHICH})?(?P<feast>{words.FEAST})\b{words.NOT_A_FEAST}{_YEAR}", reading.feast),
]
_TRIGGER = re.compile(
    rf"\d[./-]\d|\bago\b|\bfrom (?:now|today)|\b(?:{words.MONTH}|{words.WEEKDAY}"
    rf"|{words.SHORT_WEEKDAY}|{'|'.join(words.NEAR_DAYS.values())}|{words.FEAST}|{_SEASON}"
    r"|last|past|previous|this|next|coming|following|(?:19|20)\d\d)\b|\d(?:st|nd|rd|th)\b"
    rf"|\d(?:{words.MONTH})",
    re.IGNORECASE,
)
"""Most messages have nothing of a date in them, and are done with after one pass."""
