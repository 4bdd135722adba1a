"""Names: from a file's labels to intents that Rasa takes, and back."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from bot.evaluation.datasets.text import decoded
from bot.evaluation.errors import EvaluationFailed

FALLBACK = "nlu_fallback"
"""Rasa's intent for a message that its `FallbackClassifier` gives up."""

_UNSAFE = re.compile(r"[^\w.\-]+")


def read_label_map(path: Path) -> dict[str, str]:
    """A map from a file's labels to those that are meant: YAML, JSON, or CSV with two columns.

    Raises:
        EvaluationFailed: the file cannot be read, or is no such map.
    """
    kind = path.suffix.lower()
    try:
        content = decoded(path)
    except OSError as error:
        raise EvaluationFailed(f"{path}: {error.strerror or error}") from error
    if kind == ".csv":
        return _from_rows(path, content)
    try:
        if kind == ".json":
            found = json.loads(content)
        elif kind in {".yml", ".yaml"}:
            # Labels such as `yes` and `404` are texts; this loader knows nothing but texts.
            found = yaml.load(content, Loader=yaml.BaseLoader)  # noqa: S506
        else:
            raise EvaluationFailed(f"{path}: a label map is a .yml, .json or .csv file")
    except json.JSONDecodeError as error:
        raise EvaluationFailed(f"{path}:{error.lineno}: not JSON ({error.msg})") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise EvaluationFailed(f"{path}{line}: not YAML") from error
    if not isinstance(found, dict) or not all(
        isinstance(name, str) and name for pair in found.items() for name in pair
    ):
        raise EvaluationFailed(f"{path}: a label map is lines of `from: to`")
    return found


def _from_rows(path: Path, content: str) -> dict[str, str]:
    names: dict[str, str] = {}
    rows = csv.reader(io.StringIO(content, newline=""))
    for cells in rows:
        if not cells or (rows.line_num == 1 and [c.strip().lower() for c in cells] == _HEADER):
            continue
        if len(cells) != 2 or not all(cell.strip() for cell in cells):
            raise EvaluationFailed(f"{path}:{rows.line_num}: two columns are needed: from, to")
        names[cells[0].strip()] = cells[1].strip()
    return names


_HEADER = ["from", "to"]


class IntentNames:
    """One safe intent name for each label, and the way back.

    Rasa reads a slash in an intent as "retrieval intent / response", and has names of its own.
    """

    def __init__(self, labels: Iterable[str], *, foreign_label: str, foreign_intent: str) -> None:
        """Names them all.

        Args:
            foreign_label: what the data calls messages that belong nowhere.
            foreign_intent: what the classifier calls them.

        Raises:
            EvaluationFailed: another label already has the foreign intent's name.
        """
        self.foreign_label = foreign_label
        self.foreign_intent = foreign_intent
        wanted = sorted(set(labels) - {foreign_label})
        if foreign_intent in wanted:
            raise EvaluationFailed(
                f"the label '{foreign_intent}' is the classifier's own name for foreign messages, "
                f"but '{foreign_label}' was said to be; rename one with --label-map"
            )
        self._to: dict[str, str] = {foreign_label: foreign_intent}
        taken = {foreign_intent, FALLBACK}
        # Those that stay as they are go first, so that no other label takes their name.
        for label in sorted(wanted, key=lambda name: (_safe(name) != name, name)):
            name, number = _safe(label), 1
            while name in taken:
                number += 1
                name = f"{_safe(label)}_{number}"
            taken.add(name)
            self._to[label] = name
        self._back = {name: label for label, name in self._to.items()}

    @property
    def intents(self) -> Mapping[str, str]:
        """From labels to intents."""
        return self._to

    def label(self, intent: str | None) -> str:
        """The label of an intent; an intent that no label has stands for itself."""
        return self._back.get(intent or "", intent or "")


def _safe(label: str) -> str:
    return _UNSAFE.sub("_", label) or "_"
