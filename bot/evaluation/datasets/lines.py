"""A folder with a text a line in ``seq.in`` and its label on the same line of ``label``."""

from pathlib import Path

from bot.evaluation.datasets.text import decoded, example
from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.examples import Example

_TEXTS = "seq.in"
_LABELS = "label"


def is_parallel(folder: Path) -> bool:
    """Whether the folder has both files."""
    return (folder / _TEXTS).is_file() and (folder / _LABELS).is_file()


def read_parallel(folder: Path) -> tuple[Example, ...]:
    """The examples, in order.

    Raises:
        EvaluationFailed: the files differ in length, or a line is empty.
    """
    texts, labels = _lines(folder / _TEXTS), _lines(folder / _LABELS)
    if len(texts) != len(labels):
        shorter = folder / (_TEXTS if len(texts) < len(labels) else _LABELS)
        raise EvaluationFailed(
            f"{shorter}:{min(len(texts), len(labels))}: "
            f"it ends here, but there are {len(texts)} texts and {len(labels)} labels"
        )
    return tuple(
        example(text, label, at=f"{folder / _TEXTS}:{number}")
        for number, (text, label) in enumerate(zip(texts, labels, strict=True), start=1)
    )


def _lines(path: Path) -> list[str]:
    # Only line feeds end a line: `splitlines` would also break a text at rarer characters.
    lines = [line.removesuffix("\r") for line in decoded(path).split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    return lines
