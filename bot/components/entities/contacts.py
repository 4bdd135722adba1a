"""E-mail addresses and phone numbers; all texts are folded."""

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from bot.components.entities.found import Found

EMAIL, PHONE = "email", "phone"

_ADDRESS = re.compile(
    r"(?<![\w.+'-])[\w.+'-]{1,64}"
    r"(?:@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
    r"|(?: @ ?|@ )[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.[a-z]{2,24}\b)",
    re.IGNORECASE,
)
# "anna dot berg at example dot com", "anna (at) example.com". The word "at" alone is no sign, so
# its domain must be spelled out with "dot", or at and dot stand in brackets.
_DOT = r"(?:\s?(?:\.|[\[({]\s?(?:dot|\.)\s?[\])}])\s?|\s+dot\s+)"
_NAME = r"[\w+-]{1,64}"
_LABEL = r"[a-z0-9][a-z0-9-]{0,62}"
_TLD = r"[a-z]{2,24}"
_SPELLED = re.compile(
    rf"(?<![\w.+@-])({_NAME}(?:{_DOT}{_NAME}|\s+underscore\s+{_NAME}){{0,3}})"
    rf"(?:\s?[\[({{]\s?(?:at|@)\s?[\])}}]\s?({_LABEL}(?:{_DOT}{_LABEL}){{0,3}}{_DOT}{_TLD})"
    rf"|\s+at\s+({_LABEL}(?:\s+dot\s+{_LABEL}){{0,3}}\s+dot\s+{_TLD}))(?![\w@])",
    re.IGNORECASE,
)
# "look at example dot com" is no address.
_NOT_NAMES = (
    "look looked looking is was are were be me us it that this see saw shop shopped shopping buy"
    " bought order ordered ordering on here there available registered account purchase purchased"
    " and or"
)
_NOT_A_NAME = frozenset(_NOT_NAMES.split())

_DIALLED = re.compile(
    r"(?<![\w+.,\-/])(?<!\d[\s./()\-])(?:\+|00)?\(?\d(?:[\s./()\-]{0,3}\d){5,15}"
    r"(?!\w|[\s./()\-]{0,2}\d)"
)
_WITH_YEAR = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)|\d{4}-\d{2}-\d{2}(?!\d)")
_CUE = re.compile(
    r"\b(?:phone|mobile|cell|call|ring|tel|telephone|whatsapp|handy|text me|reach me)\b",
    re.IGNORECASE,
)
_FEWEST_DIGITS = 7
_FEWEST_BARE_DIGITS = 8
_NOT_DIGITS = re.compile(r"\D+")


def emails(text: str) -> Iterator[Found]:
    """E-mail addresses in lower case, those that are spelled out as they are meant."""
    if "@" in text:
        for match in _ADDRESS.finditer(text):
            said = match.group()
            clean = said.lstrip(".-'+").rstrip("-'")
            start = match.start() + said.index(clean)
            yield Found(EMAIL, start, start + len(clean), re.sub(r"\s", "", clean).lower())
    for match in _SPELLED.finditer(text):
        name, domain = match.group(1), match.group(2) or match.group(3)
        if name.lower() not in _NOT_A_NAME:
            yield Found(EMAIL, match.start(), match.end(), f"{_spelled(name)}@{_spelled(domain)}")


def phones(text: str, region: str) -> Iterator[Found]:
    """Phone numbers as their digits, ``+49301234567`` or as said without the country.

    ``e164`` is the international form, where a number without country is one of ``region`` (an
    ISO 3166 code). The value keeps what was said, because the customer may live elsewhere.
    """
    for match in _DIALLED.finditer(text):
        said = match.group()
        if _WITH_YEAR.match(said) or said.count("(") > said.count(")"):
            continue
        value = _value(said)
        # Digits without a country or a leading zero may be an order, a size, a sum: believed only
        # where the words speak of a phone or the brackets are those of an area code.
        told = said.startswith("(") or _CUE.search(text) is not None
        number = _number(value, region, told=told)
        if number is not None:
            e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
            yield Found(PHONE, match.start(), match.end(), value, {"e164": e164})


def _value(said: str) -> str:
    digits = _NOT_DIGITS.sub("", said)
    if not said.startswith("+") and not digits.startswith("00"):
        return digits
    # "+49 (0)30": the bracketed zero is only dialled from within the country.
    digits = _NOT_DIGITS.sub("", said.replace("(0)", ""))
    return f"+{digits.removeprefix('00')}"


def _number(value: str, region: str, *, told: bool) -> PhoneNumber | None:
    if len(value) < _FEWEST_DIGITS:
        return None
    try:
        number = phonenumbers.parse(value, region)
    except NumberParseException:
        return None
    if value.startswith(("+", "0")):
        return number if phonenumbers.is_possible_number(number) else None
    plausible = told and len(value) >= _FEWEST_BARE_DIGITS
    return number if plausible and phonenumbers.is_valid_number(number) else None


def _spelled(said: str) -> str:
    said = re.sub(r"\s+dot\s+|[\[({]\s*dot\s*[\])}]", ".", said, flags=re.IGNORECASE)
    said = re.sub(r"\s+underscore\s+", "_", said, flags=re.IGNORECASE)
    return re.sub(r"\s|[\[({})\]]", "", said).lower()
