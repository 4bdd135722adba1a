"""Labelled sentences for the tone of a message: CSV files with columns ``text`` and ``label``."""

import csv
from pathlib import Path

from bot.components.errors import TrainingDataUnusable

LABELS = ("negative", "neutral", "positive")


def files(folder: str) -> list[Path]:
    """The CSV files of the folder, relative to where Rasa is started; in a stable order.

    Raises:
        TrainingDataUnusable: there is no such folder, or no CSV file in it.
    """
    found = sorted(Path(folder).glob("*.csv"))
    if not found:
        raise TrainingDataUnusable(f"Sentiment data: there is no CSV file in '{folder}'")
    return found


def read(folder: str) -> tuple[list[str], list[str]]:
    """Texts and labels of all files.

    Raises:
        TrainingDataUnusable: names the file and the line that cannot be used.
    """
    texts: list[str] = []
    labels: list[str] = []
    for path in files(folder):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if not {"text", "label"} <= set(rows.fieldnames or ()):
                raise TrainingDataUnusable(f"{path}:1: the columns 'text' and 'label' are needed")
            for row in rows:
                text, label = (row["text"] or "").strip(), (row["label"] or "").strip()
                if not text:
                    raise TrainingDataUnusable(f"{path}:{rows.line_num}: the text is empty")
                if label not in LABELS:
                    raise TrainingDataUnusable(
                        f"{path}:{rows.line_num}: '{label}' is none of {', '.join(LABELS)}"
                    )
                texts.append(text)
                labels.append(label)
    absent = set(LABELS) - set(labels)
    if absent:
        raise TrainingDataUnusable(
            f"Sentiment data in '{folder}' lacks {', '.join(sorted(absent))}"
        )
    return texts, labels
