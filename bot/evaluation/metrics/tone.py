"""Is the tone of a message read rightly?"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.metrics import f1_score, precision_recall_fscore_support, roc_auc_score

from bot.evaluation.examples import Example
from bot.evaluation.metrics.calibration import expected_calibration_error, reliability
from bot.evaluation.metrics.intents import share

TONES = ("negative", "neutral", "positive")

Tone = dict[str, Any]


def tone_figures(examples: Sequence[Example], tones: Sequence[Tone]) -> dict[str, Any]:
    """Accuracy, macro-F1 and honesty of the labels; valence and frustration where both sides say.

    Args:
        tones: ``{label, score?, valence?, frustrated?}`` for each example.
    """
    golds = [example.label for example in examples]
    found = [str(tone["label"]) for tone in tones]
    labels = [tone for tone in TONES if tone in golds]
    right = [gold == label for gold, label in zip(golds, found, strict=True)]
    bins = reliability([float(tone["score"]) for tone in tones], right) if _all(tones) else []
    return {
        "accuracy": share(right),
        "macro_f1": float(f1_score(golds, found, labels=labels, average="macro", zero_division=0)),
        "ece": expected_calibration_error(bins),
        "valence_mae": _valence_error(examples, tones),
        **_frustration(examples, tones),
        "per_class": _per_class(golds, found, labels),
        "confusions": _confusions(examples, found),
        "reliability": bins,
    }


def _all(tones: Sequence[Tone]) -> bool:
    return all(isinstance(tone.get("score"), int | float) for tone in tones)


def _valence_error(examples: Sequence[Example], tones: Sequence[Tone]) -> float | None:
    distances = [
        abs(example.valence - float(tone["valence"]))
        for example, tone in zip(examples, tones, strict=True)
        if example.valence is not None and tone.get("valence") is not None
    ]
    return float(np.mean(distances)) if distances else None


def _frustration(examples: Sequence[Example], tones: Sequence[Tone]) -> dict[str, Any]:
    """Among all messages, and among the negative ones, where it is hard to tell."""
    rows = [
        (example.frustrated, float(tone["frustrated"]), example.label == "negative")
        for example, tone in zip(examples, tones, strict=True)
        if example.frustrated is not None and isinstance(tone.get("frustrated"), int | float)
    ]
    truths, given = [truth for truth, _, _ in rows], [value for _, value, _ in rows]
    hard = [(truth, value) for truth, value, negative in rows if negative]
    return {
        "frustrated_auroc": _auroc(truths, given),
        "frustrated_auroc_in_negative": _auroc([one for one, _ in hard], [one for _, one in hard]),
        "frustrated_ece": expected_calibration_error(reliability(given, truths)),
        "frustrated_rows": len(rows),
    }


def _auroc(truths: Sequence[bool], given: Sequence[float]) -> float | None:
    return float(roc_auc_score(truths, given)) if len(set(truths)) == 2 else None


def _per_class(
    golds: Sequence[str], found: Sequence[str], labels: Sequence[str]
) -> list[dict[str, Any]]:
    columns = precision_recall_fscore_support(golds, found, labels=labels, zero_division=0)
    return [
        {
            "label": label,
            "precision": float(p),
            "recall": float(r),
            "f1": float(f),
            "support": int(s),
        }
        for label, p, r, f, s in zip(labels, *columns, strict=True)
    ]


def _confusions(examples: Sequence[Example], found: Sequence[str]) -> list[dict[str, Any]]:
    pairs = [
        ((example.label, label), example.text)
        for example, label in zip(examples, found, strict=True)
        if example.label != label
    ]
    counts = Counter(pair for pair, _ in pairs)
    texts = dict(reversed(pairs))
    return [
        {"label": gold, "taken_for": taken, "count": count, "example": texts[gold, taken]}
        for (gold, taken), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
