"""Texts: no invisible characters, one kind of space, one Unicode form."""

import re
import unicodedata

from crm_store.importing.cleaning.rules import TextRule, rule

# What needs none of the rules, told in one pass: visible ASCII with single spaces within.
_is_plain = re.compile(r"[!-~]+(?: [!-~]+)*").fullmatch
_SPACES = re.compile(r"\s+")
_LINES = re.compile(r"\s*\n\s*\n\s*")
# Controls, zero-width characters, direction marks, soft hyphens, byte-order marks, surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


@rule("invisible_characters")
def drop_invisible(text: str) -> str:
    """Drop NULs, control and zero-width characters, direction marks, byte-order marks."""
    return _INVISIBLE.sub("", text)


@rule("unicode_form")
def compose(text: str) -> str:
    """Bring letters and their accents into one form (Unicode NFC)."""
    return unicodedata.normalize("NFC", text)


@rule("whitespace")
def collapse_spaces(text: str) -> str:
    """Trim spaces at both ends and make any run of spaces within a single one."""
    return _SPACES.sub(" ", text).strip()


_LINE_RULES: tuple[tuple[str, TextRule], ...] = (
    ("invisible_characters", drop_invisible),
    ("unicode_form", compose),
    ("whitespace", collapse_spaces),
)


def clean_line(text: str, tally: dict[str, int]) -> str:
    """The text on one line, with each rule that changed it counted."""
    if _is_plain(text):
        return text
    for name, apply in _LINE_RULES:
        changed = apply(text)
        if changed != text:
            tally[name] = tally.get(name, 0) + 1
            text = changed
    return text


def clean_body(text: str, tally: dict[str, int]) -> str:
    """Like ``clean_line``, but lines and paragraphs stay."""
    if _is_plain(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for name, apply in _LINE_RULES[:2]:
        changed = apply(text)
        if changed != text:
            tally[name] = tally.get(name, 0) + 1
            text = changed
    trimmed = "\n".join(line.rstrip() for line in text.split("\n")).strip()
    trimmed = _LINES.sub("\n\n", trimmed)
    if trimmed != text:
        tally["whitespace"] = tally.get("whitespace", 0) + 1
    return trimmed
