"""CSV and TSV with a header."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.evaluation.datasets.text import decoded, example
from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.examples import Example

TEXT_COLUMNS = ("text", "sentence", "utterance")
LABEL_COLUMNS = ("label", "intent", "category")
_YES_NO = {"yes": True, "no": False}


def read_table(path: Path, *, delimiters: str) -> tuple[Example, ...]:
    """Rows with a text, a label and, if there are such columns, a valence and ``frustrated``.

    Args:
        delimiters: tried in this order; the first that shows both columns is meant.

    Raises:
        EvaluationFailed: names the line and what is wrong with it.
    """
    content = decoded(path)
    for delimiter in delimiters:
        names = _header(path, content, delimiter)
        if _first(names, TEXT_COLUMNS) and _first(names, LABEL_COLUMNS):
            return tuple(_rows(path, content, delimiter, names))
    found = ", ".join(_header(path, content, delimiters[0])) or "nothing"
    raise EvaluationFailed(
        f"{path}:1: the columns 'text' (or 'sentence') and 'label' are needed; found {found}"
    )


def _rows(path: Path, content: str, delimiter: str, names: Sequence[str]) -> Iterator[Example]:
    text_column, label_column = _first(names, TEXT_COLUMNS), _first(names, LABEL_COLUMNS)
    rows = _records(path, content, delimiter)
    next(rows)
    for line, cells in rows:
        at = f"{path}:{line}"
        if len(cells) != len(names):
            raise EvaluationFailed(
                f"{at}: {len(cells)} fields where the header has {len(names)}; "
                "a text with a comma or a quote must be quoted"
            )
        row = dict(zip(names, cells, strict=True))
        yield example(
            row[text_column],
            row[label_column],
            at=at,
            valence=_valence(row, at),
            frustrated=_frustrated(row, at),
        )


def _header(path: Path, content: str, delimiter: str) -> list[str]:
    first = next(_records(path, content, delimiter), None)
    return [] if first is None else [name.strip().lower() for name in first[1]]


def _records(path: Path, content: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line that it begins on; empty lines are passed over."""
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    begun = 1
    try:
        for cells in reader:
            if cells:
                yield begun, cells
            begun = reader.line_num + 1
    except csv.Error as error:
        raise EvaluationFailed(f"{path}:{begun}: {error}") from error


def _first(names: Sequence[str], wanted: Sequence[str]) -> str:
    return next((name for name in wanted if name in names), "")


def _valence(row: Mapping[str, str], at: str) -> float | None:
    said = row.get("valence", "").strip()
    if not said:
        return None
    try:
        value = float(said)
    except ValueError:
        value = float("nan")
    if not -1.0 <= value <= 1.0:
        raise EvaluationFailed(f"{at}: the valence '{said}' is no number from -1 to 1")
    return value


def _frustrated(row: Mapping[str, str], at: str) -> bool | None:
    said = row.get("frustrated", "").strip().lower()
    if said and said not in _YES_NO:
        raise EvaluationFailed(f"{at}: frustrated is '{said}', not yes or no")
    return _YES_NO.get(said)
