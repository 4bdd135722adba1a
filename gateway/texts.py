"""What people type, made safe to keep: plain text, nothing that only a terminal understands."""

import re
import unicodedata

from foundation.errors import Invalid, TooLarge

# Every control character except tab and line feed; NUL besides cannot be stored in PostgreSQL.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean_text(text: str, *, max_chars: int) -> str:
    """The text without control characters and outer space; markup stays, as plain text.

    Raises:
        Invalid: nothing to read is left.
        TooLarge: longer than ``max_chars``.
    """
    cleaned = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not any(_is_visible(char) for char in cleaned):
        raise Invalid("text: it is empty, or has nothing in it that can be read")
    if len(cleaned) > max_chars:
        raise TooLarge(f"text: at most {max_chars:,} characters; this has {len(cleaned):,}")
    return cleaned


def _is_visible(char: str) -> bool:
    """Letters, digits, signs, emoji; neither space nor what only steers the text's direction."""
    return unicodedata.category(char)[0] not in "CZ"
