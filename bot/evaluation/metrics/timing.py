"""How long a message takes."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.evaluation.readings import Reading


def latency_figures(readings: Sequence[Reading]) -> dict[str, Any]:
    """Milliseconds a parse, over the messages that were read for the first time.

    ``busy_p50`` is of the processor's time: what p50 would be on a machine that does nothing else.
    """
    first = [reading for reading in readings if not reading.again]
    if not first:
        return {"p50": None, "p95": None, "mean": None, "busy_p50": None, "messages": 0}
    taken = [reading.milliseconds for reading in first]
    p50, p95 = np.percentile(taken, [50, 95])
    return {
        "p50": float(p50),
        "p95": float(p95),
        "mean": float(np.mean(taken)),
        "busy_p50": float(np.median([reading.busy_milliseconds for reading in first])),
        "messages": len(first),
    }
