"""Labelled sentences for the tone of a message.

CSV files with columns ``text`` and ``label``, and ``frustrated`` (yes or no) where somebody is
losing patience.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.components.errors import TrainingDataUnusable

LABELS = ("negative", "neutral", "positive")
_YES_OR_NO = {"yes": True, "no": False, "": False}


@dataclass(frozen=True)
class Sentence:
    """One labelled sentence; only a negative one can be frustrated."""

    text: str
    label: str
    frustrated: bool = False


def files(folder: str) -> list[Path]:
    """The CSV files of the folder, relative to where Rasa is started; in a stable order.

    Raises:
        TrainingDataUnusable: there is no such folder, or no CSV file in it.
    """
    found = sorted(Path(folder).glob("*.csv"))
    if not found:
        raise TrainingDataUnusable(f"Sentiment data: there is no CSV file in '{folder}'")
    return found


def read(folder: str) -> list[Sentence]:
    """The sentences of all files.

    Raises:
        TrainingDataUnusable: names the file and the line that cannot be used.
    """
    sentences: list[Sentence] = []
    for path in files(folder):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if not {"text", "label"} <= set(rows.fieldnames or ()):
                raise TrainingDataUnusable(f"{path}:1: the columns 'text' and 'label' are needed")
            for row in rows:
                sentences.append(_sentence(row, f"{path}:{rows.line_num}"))
    absent = set(LABELS) - {sentence.label for sentence in sentences}
    if absent:
        raise TrainingDataUnusable(
            f"Sentiment data in '{folder}' lacks {', '.join(sorted(absent))}"
        )
    return sentences


def _sentence(row: Mapping[str, str | None], place: str) -> Sentence:
    text, label = (row["text"] or "").strip(), (row["label"] or "").strip()
    if not text:
        raise TrainingDataUnusable(f"{place}: the text is empty")
    if label not in LABELS:
        raise TrainingDataUnusable(f"{place}: '{label}' is none of {', '.join(LABELS)}")
    said = (row.get("frustrated") or "").strip().lower()
    if said not in _YES_OR_NO:
        raise TrainingDataUnusable(f"{place}: frustrated is '{said}', neither yes nor no")
    if _YES_OR_NO[said] and label != "negative":
        raise TrainingDataUnusable(f"{place}: a frustrated sentence must be negative, not {label}")
    return Sentence(text, label, _YES_OR_NO[said])
