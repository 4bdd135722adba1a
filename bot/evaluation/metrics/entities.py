"""Are the right spans found, with the right type and value?"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from bot.evaluation.examples import Entity, Example
from bot.evaluation.readings import Reading

_Span = tuple[int, int, str]


def entity_figures(
    examples: Sequence[Example], readings: Sequence[Reading]
) -> dict[str, Any] | None:
    """Exact span and type: micro and macro F1, per entity; None when nothing is annotated.

    ``value_match`` is over the spans that were found and whose annotation states a value of its
    own (``[two of them](amount:2)``): without one it says nothing about how to write it.
    """
    if not any(example.entities for example in examples):
        return None
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    values, same = 0, 0
    for example, reading in zip(examples, readings, strict=True):
        gold = {_span(entity): entity for entity in example.entities}
        found = {_span(entity): entity for entity in reading.entities}
        for span in gold.keys() & found.keys():
            counts[span[2]][0] += 1
            stated = gold[span].get("value")
            if stated is not None and stated != example.text[span[0] : span[1]]:
                values += 1
                same += str(found[span].get("value")) == str(stated)
        for span in found.keys() - gold.keys():
            counts[span[2]][1] += 1
        for span in gold.keys() - found.keys():
            counts[span[2]][2] += 1
    per_entity = [
        {"entity": name, **_scores(*counts[name]), "support": counts[name][0] + counts[name][2]}
        for name in sorted(counts)
    ]
    annotated = [_scores(*found)["f1"] for found in counts.values() if found[0] + found[2]]
    totals = [sum(column) for column in zip(*counts.values(), strict=True)]
    return {
        "micro": _scores(*totals),
        # Only entities that are annotated: one that never should be found has no F1, and every
        # wrong span of it already costs the micro average.
        "macro_f1": sum(annotated) / len(annotated),
        "per_entity": per_entity,
        "value_match": same / values if values else None,
        "values": values,
    }


def _span(entity: Entity) -> _Span:
    return int(entity["start"]), int(entity["end"]), str(entity["entity"])


def _scores(hits: int, extra: int, missed: int) -> dict[str, float]:
    return {
        "precision": hits / (hits + extra) if hits + extra else 0.0,
        "recall": hits / (hits + missed) if hits + missed else 0.0,
        "f1": 2 * hits / (2 * hits + extra + missed) if hits + extra + missed else 0.0,
    }
