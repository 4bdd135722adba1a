"""Ordinary phone numbers, told fast.

``phonenumbers`` takes a tenth of a millisecond a number. Most numbers in a file are written plainly
and belong to the main region of their country code; for those its own patterns are asked directly.
Whatever else there is (extensions, letters, shared codes, national prefixes in the wrong place)
answers None here and goes the long way. A property test holds the two to the same results.
"""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberDesc

_is_plain = re.compile(r"\+?(?:\d{1,14}[ \-./]?|\(\d{1,6}\)[ \-]?){1,8}", re.ASCII).fullmatch
_PUNCTUATION = str.maketrans("", "", "+ -./()")
_TYPES = (
    "fixed_line", "mobile", "premium_rate", "toll_free", "shared_cost", "voip", "personal_number",
    "pager", "uan", "voicemail",
)  # fmt: skip
"""The likeliest first: one that fits is enough."""
_DIGITS = range(7, 16)
_NOTHING = r"(?!)"


class _Country:
    """The main region of a calling code: its patterns, compiled once."""

    def __init__(self, code: int, metadata: PhoneMetadata) -> None:
        self.code = str(code)
        self.national_prefix = metadata.national_prefix_for_parsing or ""
        self.plain_prefix = (
            self.national_prefix
            if self.national_prefix.isdigit()
            and not metadata.national_prefix_transform_rule
            and not self.national_prefix.startswith(self.code)
            else None
        )
        general = _pattern(metadata.general_desc)
        kinds = [one for name in _TYPES if (one := _pattern(getattr(metadata, name))) is not None]
        valid = rf"(?={general}\Z)(?:{'|'.join(kinds)})" if general and kinds else _NOTHING
        self._valid = re.compile(valid).fullmatch
        # The library would take digits off the front of others: a prefix of some kind.
        prefixes = (self.national_prefix, metadata.international_prefix, self.code, "0")
        whole = "".join(f"(?!{prefix})" for prefix in prefixes if prefix)
        self._valid_whole = re.compile(whole + valid).fullmatch

    def has(self, national: str) -> bool:
        """Whether this is a valid number of the region, by the library's own patterns."""
        return self._valid(national) is not None

    def has_whole(self, national: str) -> bool:
        """Whether it is, and has no digit at its front that may not belong to it."""
        return self._valid_whole(national) is not None


def ordinary_phone(text: str, region: str | None) -> str | None:
    """The number as E.164 where it is written plainly, else None: ask the library."""
    if _is_plain(text) is None:
        return None
    digits = text.translate(_PUNCTUATION)
    if len(digits) not in _DIGITS:
        return None
    if text[0] == "+":
        return _from_international(digits)
    return _from_national(digits, region) if region else None


def _from_international(digits: str) -> str | None:
    for length in (2, 1, 3):
        country = _by_code(digits[:length])
        if country is not None:
            return f"+{digits}" if country.has_whole(digits[length:]) else None
    return None


def _from_national(digits: str, region: str) -> str | None:
    country = _by_region(region)
    if country is None or digits.startswith("00"):
        return None
    prefix = country.plain_prefix
    if prefix and digits.startswith(prefix):
        if country.has(digits):
            return None
        national = digits[len(prefix) :]
    else:
        national = digits
    return f"+{country.code}{national}" if country.has_whole(national) else None


@lru_cache(maxsize=512)
def _by_region(region: str) -> _Country | None:
    code = phonenumbers.country_code_for_region(region)
    country = _by_code(str(code)) if code else None
    main = phonenumbers.region_code_for_country_code(code) if code else None
    return country if main == region else None


@lru_cache(maxsize=1_024)
def _by_code(code: str) -> _Country | None:
    if not code or code.startswith("0"):
        return None
    region = phonenumbers.region_code_for_country_code(int(code))
    if len(region) != 2:
        return None  # no such code, or one that belongs to no country
    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.leading_digits:
        return None
    return _Country(int(code), metadata)


def _pattern(desc: PhoneNumberDesc | None) -> str | None:
    """Numbers of this kind, of a length that they may have."""
    if desc is None or not desc.national_number_pattern:
        return None
    lengths = "|".join(rf".{{{length}}}" for length in desc.possible_length or ())
    of_length = rf"(?=(?:{lengths})\Z)" if lengths else ""
    return rf"{of_length}(?:{desc.national_number_pattern})"
