"""What a check says about a place in the training data."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong, or likely wrong, at a line of a file.

    Attributes:
        subject: what the finding is about, as `lint-accepted.yml` names it: the text of an example
            without its annotation, or the name of an intent or entity.
    """

    file: str
    line: int
    severity: Severity
    code: str
    text: str
    subject: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity} {self.code}: {self.text}"

    def as_json(self) -> dict[str, Any]:
        """The finding as plain values."""
        return asdict(self)


def error(file: Path, line: int, code: str, text: str, subject: str = "") -> Finding:
    """A finding that has to be mended."""
    return Finding(str(file), line, "error", code, text, subject)


def warning(file: Path, line: int, code: str, text: str, subject: str = "") -> Finding:
    """A finding for a person to judge."""
    return Finding(str(file), line, "warning", code, text, subject)
