"""JSON in the shapes that intent data comes in."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.evaluation.datasets.rasa_files import read_rasa_json
from bot.evaluation.datasets.tables import LABEL_COLUMNS, TEXT_COLUMNS
from bot.evaluation.datasets.text import decoded, example
from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.examples import Dataset, Example

_RASA = "rasa_nlu_data"


def read_json(path: Path, splits: Sequence[str], *, name: str) -> Dataset:
    """``[{text, label}]``, ``[[text, label]]``, ``{text: […], label: […]}``, splits, or Rasa's.

    Args:
        splits: keys of an object whose values are one of the shapes above, read one after another.

    Raises:
        EvaluationFailed: names the line, or the item where there is no line to name.
    """
    content = _parsed(path, decoded(path), line=1)
    if isinstance(content, dict) and _RASA in content:
        return read_rasa_json(path, name=name)
    if not splits:
        return Dataset(name, tuple(_examples(content, str(path))))
    known = content if isinstance(content, dict) else {}
    for split in splits:
        if split not in known:
            there = ", ".join(known) or "none"
            raise EvaluationFailed(f"{path}: there is no split '{split}' (there are: {there})")
    return Dataset(
        name, tuple(one for split in splits for one in _examples(known[split], f"{path}#{split}"))
    )


def read_json_lines(path: Path) -> tuple[Example, ...]:
    """An object or a pair on each line.

    Raises:
        EvaluationFailed: names the line.
    """
    return tuple(
        _example(_parsed(path, line, line=number), f"{path}:{number}")
        for number, line in enumerate(decoded(path).split("\n"), start=1)
        if line.strip()
    )


def _parsed(path: Path, content: str, *, line: int) -> Any:
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        at = f"{path}:{line - 1 + error.lineno}"
        raise EvaluationFailed(f"{at}: not JSON ({error.msg}, column {error.colno})") from error
    except RecursionError as error:
        raise EvaluationFailed(f"{path}: nested too deeply to be labelled examples") from error


def _examples(content: Any, at: str) -> Iterator[Example]:
    if isinstance(content, list):
        for number, item in enumerate(content, start=1):
            yield _example(item, f"{at}: item {number}")
        return
    columns = _columns(content) if isinstance(content, dict) else None
    if columns is None:
        keys = f"; it has {', '.join(map(str, content))}" if isinstance(content, dict) else ""
        raise EvaluationFailed(
            f"{at}: neither a list of examples nor columns 'text' and 'label'{keys}; "
            "choose splits like file.json#train"
        )
    texts, labels = columns
    if len(texts) != len(labels):
        raise EvaluationFailed(f"{at}: {len(texts)} texts but {len(labels)} labels")
    for number, (text, label) in enumerate(zip(texts, labels, strict=True), start=1):
        yield example(text, label, at=f"{at}: item {number}")


def _columns(content: Mapping[str, Any]) -> tuple[list[Any], list[Any]] | None:
    found = [
        next((content[name] for name in wanted if isinstance(content.get(name), list)), None)
        for wanted in (TEXT_COLUMNS, LABEL_COLUMNS)
    ]
    texts, labels = found
    return None if texts is None or labels is None else (texts, labels)


def _example(item: Any, at: str) -> Example:
    if isinstance(item, list) and len(item) == 2:
        return example(item[0], item[1], at=at)
    if isinstance(item, dict):
        text = next((item[name] for name in TEXT_COLUMNS if name in item), None)
        label = next((item[name] for name in LABEL_COLUMNS if name in item), None)
        return example(text, label, at=at)
    raise EvaluationFailed(f"{at}: neither [text, label] nor an object with text and label")
