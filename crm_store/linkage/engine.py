"""Training and scoring, the same wherever the records lie."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log2
from typing import Any, Protocol
from uuid import UUID

from splink import Linker

from crm_store.linkage.evidence import hard_evidence
from crm_store.linkage.model import COMPARED, MISSING, NOT_COUNTED, SWAPPED, link_settings
from crm_store.linkage.records import LinkRecord
from crm_store.linkage.soften import softened

SEED = 20_260_101
_U_PAIRS = 2_000_000
_EM_PAIRS = 2_000_000
_FEWEST_PEOPLE = 500
_FEWEST_PAIRS = 100
_RECALL_OF_RULES = 0.7
_SURE = (
    "l.b_email = r.b_email and l.email = r.email and l.family = r.family",
    "l.b_phone = r.b_phone and l.phone = r.phone and l.given = r.given and l.family = r.family",
)
# What Splink learns from a block are the comparisons whose columns its rule does not name.
_EM_BLOCKS = {
    "b_email": "l.b_email = r.b_email and l.email = r.email",
    "b_phone": "l.b_phone = r.b_phone and l.phone = r.phone",
    "b_name_town": (
        "l.b_name_town = r.b_name_town and l.city = r.city"
        " and l.given = r.given and l.family = r.family"
    ),
}


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """Two customers, how likely they are one person, and why.

    Attributes:
        score: the probability.
        reasons: ``{prior, comparisons: [{field, level, bits, rarity_bits}], evidence}``; the prior
            and the bits add up to log2 of the odds. Values of the records are not in it.
    """

    first: UUID
    second: UUID
    score: float
    reasons: dict[str, Any]

    @property
    def evidence(self) -> list[str]:
        """Hard facts: what makes a merge possible without a person."""
        found: list[str] = self.reasons["evidence"]
        return found


class Backend(Protocol):
    """Where records lie and pairs are computed: DuckDB in this process, or Spark."""

    @property
    def name(self) -> str:
        """As the command line calls it."""
        ...

    @property
    def dialect(self) -> str:
        """As Splink calls it."""
        ...

    def load(self, batches: Iterable[list[LinkRecord]]) -> int:
        """Take the records in, a batch at a time; says how many there are."""
        ...

    def table(self) -> Any:
        """The loaded records with their blocks, as Splink takes them."""
        ...

    def count_pairs(self, block: str) -> int:
        """How many pairs share a block."""
        ...

    def rows(self, frame: Any) -> Iterator[dict[str, Any]]:
        """The rows of a Splink result, without holding them all."""
        ...

    def close(self) -> None:
        """Forget every record."""
        ...


class Scorer:
    """Scores the pairs of what a backend holds."""

    def __init__(self, backend: Backend, people: int, model: dict[str, Any] | None = None) -> None:
        # Splink's messages are for whoever builds a model at a prompt.
        logging.getLogger("splink").setLevel(logging.ERROR)
        self._backend = backend
        self._people = people
        self._use(model or link_settings(people))

    def train(self) -> list[str]:
        """Learn from the records themselves, without labels, by expectation maximisation.

        Returns:
            The blocks that were learned from; none where there is too little to learn from, and the
            model stays as it was written.
        """
        if self._people < _FEWEST_PEOPLE:
            return []
        training = self._linker.training
        enough = [b for b in _EM_BLOCKS if self._backend.count_pairs(b) >= _FEWEST_PAIRS]
        if not enough:
            return []
        training.estimate_probability_two_random_records_match(list(_SURE), recall=_RECALL_OF_RULES)
        if self._sure_pairs() < _FEWEST_PAIRS:
            # Learnt from strangers alone, the model would take them for what one person looks like.
            self._use(link_settings(self._people))
            return []
        training.estimate_u_using_random_sampling(max_pairs=_U_PAIRS, seed=SEED)
        for block in enough:
            training.estimate_parameters_using_expectation_maximisation(
                _EM_BLOCKS[block], max_pairs=_EM_PAIRS
            )
        written = link_settings(self._people).create_settings_dict(self._backend.dialect)
        self._use(softened(self.model(), written))
        return enough

    def _sure_pairs(self) -> float:
        """How many pairs the rules for sure ones have found."""
        share: float = self._linker._settings_obj._probability_two_random_records_match
        return share * _RECALL_OF_RULES * self._people * (self._people - 1) / 2

    def model(self) -> dict[str, Any]:
        """What was learned, to score with again; it holds frequencies of levels, no values."""
        learned: dict[str, Any] = self._linker.misc.save_model_to_json()
        return learned

    def pairs(self, *, threshold: float) -> Iterator[ScoredPair]:
        """Every pair with at least this probability that has a new side."""
        frame = self._linker.inference.predict(
            threshold_match_probability=threshold, warning_mode="never"
        )
        explain = _Explainer(self._linker)
        for row in self._backend.rows(frame):
            reasons = explain(row)
            first, second = sorted((UUID(row["id_l"]), UUID(row["id_r"])))
            yield ScoredPair(first, second, min(1.0, max(0.0, row["match_probability"])), reasons)

    def _use(self, settings: Any) -> None:
        self._linker = Linker(self._backend.table(), settings, log_level=None)


class _Explainer:
    def __init__(self, linker: Linker) -> None:
        settings = linker._settings_obj
        odds = settings._probability_two_random_records_match
        self._prior = _log2_odds(odds)
        self._levels = {
            comparison.output_column_name: {
                level.comparison_vector_value: level.label_for_charts
                for level in comparison.comparison_levels
                if not level.is_null_level
            }
            for comparison in settings.comparisons
        }

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        compared = []
        for field in COMPARED:
            level = self._levels[field].get(row[f"gamma_{field}"]) or _why_not(field, row)
            compared.append(
                {
                    "field": field,
                    "level": level,
                    "bits": round(float(row.get(f"mw_{field}") or 0.0), 3),
                    "rarity_bits": round(float(row.get(f"mw_tf_adj_{field}") or 0.0), 3),
                }
            )
        levels = {str(one["field"]): str(one["level"]) for one in compared}
        return {
            "prior": round(self._prior, 3),
            "comparisons": compared,
            "evidence": hard_evidence(levels, row),
        }


def _why_not(field: str, row: dict[str, Any]) -> str:
    """Why a comparison says nothing."""
    columns = {"address": ("street", "postal_code")}.get(field, (field,))
    if field == "family" and row["family_l"] and row["family_r"]:
        return SWAPPED
    there = all(row[f"{name}_{side}"] for name in columns for side in "lr")
    return NOT_COUNTED if there else MISSING


def _log2_odds(probability: float) -> float:
    return log2(probability / (1 - probability))
