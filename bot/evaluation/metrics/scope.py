"""How well foreign messages are told from those that belong somewhere."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score, roc_curve

from bot.evaluation.judging import Judgement
from bot.evaluation.metrics.intents import share

FALSE_REJECTS = (0.01, 0.02, 0.05)


def scope_figures(
    judged: Judgement, *, false_rejects: Sequence[float] = FALSE_REJECTS
) -> dict[str, Any] | None:
    """The separation by the scope score alone, whatever threshold the model has; None without both.

    For each rate: refuse from the lowest score up, as long as no more than that share of the
    in-scope messages is refused. The thresholds are set on the test itself, so these are points
    of its curve, for comparison; what the model reaches with its own threshold is ``oos_recall``.
    """
    foreign = np.array([row.foreign for row in judged.rows], dtype=bool)
    if not foreign.any() or foreign.all():
        return None
    scores = np.array([row.score for row in judged.rows], dtype=float)
    rates, recalls, thresholds = roc_curve(foreign, -scores, drop_intermediate=False)
    points = []
    for allowed in false_rejects:
        # A rate is a fraction of counts: 2 of 100 must not fail at 0.02 by rounding.
        place = int(np.flatnonzero(rates <= allowed + 1e-12)[-1])
        refused = -scores >= thresholds[place]
        points.append(
            {
                "false_reject": allowed,
                "oos_recall": float(recalls[place]),
                "in_scope_accuracy": share(
                    [
                        not away and row.top == row.gold
                        for row, away in zip(judged.rows, refused, strict=True)
                        if not row.foreign
                    ]
                ),
            }
        )
    return {
        "scored_by": judged.scored_by,
        "auroc": float(roc_auc_score(foreign, -scores)),
        "at_false_reject": points,
    }
