"""How people write days, months, feasts and stretches of time: pieces of patterns."""

import re

from bot.components.entities.number_words import NUMBER_WORDS, read_number

_MONTH_NAMES = (
    "jan(?:uary)?", "feb(?:r?uary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?",
    "aug(?:ust)?", "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?",
)  # fmt: skip
MONTH = "|".join(_MONTH_NAMES)
# These are months whatever stands around them; "may", "march" and the short forms are not.
PLAIN_MONTH = "january|february|febuary|april|june|july|august|september|october|november|december"
_MONTHS = [re.compile(name, re.IGNORECASE) for name in _MONTH_NAMES]

_WEEKDAY_NAMES = (
    "monday|monady", "tuesday|tusday|teusday", "wed(?:ne|en|n|ene)sday|wensday",
    "thursday|thurday|thrusday", "friday|firday|fryday", "sat[ue]rday|satuday", "sunday",
)  # fmt: skip
_SHORT_WEEKDAYS = ("mon", "tues?", "wed", "thu(?:rs?)?", "fri", "sat", "sun")
WEEKDAY = "|".join(_WEEKDAY_NAMES)
SHORT_WEEKDAY = "|".join(_SHORT_WEEKDAYS)
_WEEKDAYS = [
    re.compile(f"{full}|{short}", re.IGNORECASE)
    for full, short in zip(_WEEKDAY_NAMES, _SHORT_WEEKDAYS, strict=True)
]

PART_OF_DAY = r"(?:\s+(?:morning|afternoon|evening|night|noon)\b)?"

# The days around today, by how far they are away; also as people type them in a hurry.
NEAR_DAYS = {
    -2: r"(?:the\s+)?day\s+before\s+yesterday",
    2: r"(?:the\s+)?day\s+after\s+(?:tomorrow|tmrw)|overmorrow",
    -1: r"yesterday|yester\s?day|yesterdy|yestarday|yesteday|yday|last\s+night",
    1: r"tom+or+ow|tomorrw|tmrw|tmr|tmrow|2mor+ow?",
    0: r"today|2day|tonight|tonite|2nite|this\s+(?:morning|afternoon|evening|noon)",
}

COUNT = (
    rf"\d{{1,3}}|{NUMBER_WORDS}|an?|(?:a\s+)?couple(?:\s+of)?|(?:a\s+)?few|several|some|half\s+an?"
)
_VAGUE = {"couple": (2, 3), "few": (3, 7), "several": (3, 10), "some": (2, 10)}

FEAST = (
    r"new\s+year'?s\s+(?:eve|day)|new\s+year|valentine'?s(?:\s+day)?|good\s+friday"
    r"|easter(?:\s+(?:sunday|monday))?|mother'?s\s+day|whitsun|pentecost|halloween|thanksgiving"
    r"|black\s+friday|cyber\s+monday|christmas(?:\s+(?:eve|day))?|x-?mas(?:\s+(?:eve|day))?|boxing\s+day"
)
NOT_A_FEAST = (
    r"(?!\s+(?:presents?|gifts?|trees?|part(?:y|ies)|dinner|markets?|eggs?|cards?|songs?))"
)


def month_number(said: str) -> int:
    """1 to 12."""
    return next(n for n, name in enumerate(_MONTHS, 1) if name.fullmatch(said))


def weekday_number(said: str) -> int:
    """0 for Monday to 6 for Sunday."""
    return next(n for n, name in enumerate(_WEEKDAYS) if name.fullmatch(said))


def is_half(said: str) -> bool:
    """Whether a match of ``COUNT`` is half of one."""
    return said.lower().startswith("half")


def count_range(said: str, unit: str) -> tuple[int, int]:
    """The least and the most that a match of ``COUNT`` can be; half a year is six months."""
    if is_half(said):
        return (6, 6) if unit == "year" else (0, 0)
    vague = next((span for word, span in _VAGUE.items() if word in said.lower()), None)
    if vague is not None:
        return vague
    number = 1 if said.lower() in ("a", "an") else read_number(said)
    return number, number


def feast_name(said: str) -> str:
    """The name as ``days.FEASTS`` has it."""
    name = " ".join(said.lower().split()).replace("x-mas", "xmas")
    if name.startswith("valentine"):
        return "valentine's day"
    if name.startswith("xmas "):
        name = name.replace("xmas", "christmas")
    return re.sub(r"^(new year|mother)'?s\b", r"\1's", name)
