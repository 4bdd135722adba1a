"""Files to text, whatever wrote them."""

import codecs
from pathlib import Path
from typing import Any

from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.examples import Example


def decoded(path: Path) -> str:
    """The text of a UTF-8 file, with or without a byte order mark, or of a UTF-16 file with one.

    Raises:
        EvaluationFailed: it is neither; names the line.
        OSError: it cannot be opened.
    """
    raw = path.read_bytes()
    utf16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return raw.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise EvaluationFailed(f"{path}:{line}: not UTF-8 text ({error.reason})") from error


def example(text: object, label: object, *, at: str, **more: Any) -> Example:
    """An example with its text as it is and its label without the spaces around it.

    Raises:
        EvaluationFailed: one of them is missing, empty or no text; ``at`` says where.
    """
    for what, value in (("text", text), ("label", label)):
        if not isinstance(value, str):
            raise EvaluationFailed(f"{at}: the {what} is missing or not a text")
        if not value.strip():
            raise EvaluationFailed(f"{at}: the {what} is empty")
    return Example(str(text), str(label).strip(), at=at, **more)
