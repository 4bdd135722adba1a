"""Keeping what was learned from becoming absolute.

Where no pair of a block happened to differ in its e-mail address, expectation maximisation ends at
"one person never has two", and from then on a new address alone would outweigh everything else. So
each learned share is drawn a little towards the written one, as if some pairs more had been seen.
"""

from typing import Any

_WEIGHT = 0.1
_SMALLEST = 1e-7


def softened(learned: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
    """The learned model with each m drawn towards the written model's, and no u of zero."""
    start = {
        (comparison["output_column_name"], level["label_for_charts"]): level["m_probability"]
        for comparison in written["comparisons"]
        for level in comparison["comparison_levels"]
        if "m_probability" in level
    }
    comparisons = []
    for comparison in learned["comparisons"]:
        levels = []
        for level in comparison["comparison_levels"]:
            if "m_probability" in level:
                first = start[comparison["output_column_name"], level["label_for_charts"]]
                softer = {
                    "m_probability": (1 - _WEIGHT) * level["m_probability"] + _WEIGHT * first,
                    "u_probability": max(level["u_probability"], _SMALLEST),
                }
                levels.append(level | softer)
            else:
                levels.append(level)
        comparisons.append(comparison | {"comparison_levels": levels})
    return learned | {"comparisons": comparisons}
