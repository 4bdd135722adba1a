"""Which intents are recognised, which are taken for which."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sklearn.metrics import f1_score, precision_recall_fscore_support

from bot.evaluation.judging import Judged, Judgement


def share(flags: Sequence[bool]) -> float | None:
    """The share of true ones; None of nothing."""
    return sum(flags) / len(flags) if flags else None


def accuracy_figures(judged: Judgement) -> dict[str, Any]:
    """Accuracies and macro-F1.

    ``accuracy``: in a closed test of the top intent, fallback undone, as `rasa test nlu` and the
    literature count; in an open test of what the assistant does: foreign messages recalled, all
    others answered with their intent. ``in_scope_accuracy``: of what it does, over the messages
    that belong somewhere; a refused one is wrong.
    """
    inside = [row for row in judged.rows if not row.foreign]
    foreign = [row for row in judged.rows if row.foreign]
    golds = [row.gold for row in judged.rows]
    answers = [judged.answer(row) for row in judged.rows]
    labels = sorted(set(golds))
    return {
        "accuracy": share(
            [row.right for row in judged.rows]
            if judged.is_open
            else [row.top == row.gold for row in judged.rows]
        ),
        "in_scope_accuracy": share([row.right for row in inside]),
        "oos_recall": share([row.refused for row in foreign]),
        # Over the labels of the test: a class that is not in it has no F1 to average.
        "macro_f1": float(f1_score(golds, answers, labels=labels, average="macro", zero_division=0))
        if labels
        else None,
        "top_intent_accuracy": share([row.top == row.gold for row in inside]),
        "false_reject": share([row.refused for row in inside]),
    }


def per_class(judged: Judgement) -> list[dict[str, Any]]:
    """Precision, recall, F1 and support of each label of the test, the worst first."""
    golds = [row.gold for row in judged.rows]
    answers = [judged.answer(row) for row in judged.rows]
    labels = sorted(set(golds))
    if not labels:
        return []
    columns = precision_recall_fscore_support(golds, answers, labels=labels, zero_division=0)
    rows = [
        {
            "label": label,
            "precision": float(precision),
            "recall": float(recall),
            "f1": float(f1),
            "support": int(support),
        }
        for label, precision, recall, f1, support in zip(labels, *columns, strict=True)
    ]
    return sorted(rows, key=lambda row: (row["f1"], row["label"]))


def confusions(judged: Judgement) -> list[dict[str, Any]]:
    """Each (gold, taken for) that happened, most frequent first, with one of its messages."""
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for row in judged.rows:
        if not _wrong(judged, row):
            continue
        pair = (row.gold, row.decision if judged.is_open else row.top)
        counts[pair] += 1
        examples.setdefault(pair, row.example.text)
    return [
        {"label": gold, "taken_for": taken, "count": count, "example": examples[gold, taken]}
        for (gold, taken), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _wrong(judged: Judgement, row: Judged) -> bool:
    return not row.right if judged.is_open else row.top != row.gold
