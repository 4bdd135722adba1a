"""Finding second records of customers, against the truth: ``python -m benchmarks.linkage``.

Peers in the same run: the same e-mail address or telephone number (what a spreadsheet does), and a
plain rule on rapidfuzz similarities at whichever threshold serves it best.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any
from uuid import UUID

from rapidfuzz import fuzz

from benchmarks.harness.figures import (
    BenchmarkFailed,
    add_common_options,
    begin,
    finish,
    progress,
    rounded,
)
from benchmarks.harness.second_records import Record, make_records, true_pairs
from crm_store.linkage.engine import ScoredPair, Scorer
from crm_store.linkage.filing import is_certain
from crm_store.linkage.local import LocalBackend
from crm_store.linkage.records import LinkRecord, make_record
from crm_store.linkage.run import LinkOptions

Pairs = set[frozenset[UUID]]
_LARGEST_BLOCK = 60
_FUZZY_THRESHOLDS = range(70, 100, 2)


def main() -> int:
    """Measure and report; 1 with one line when something failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.linkage", description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=11)
    add_common_options(parser)
    options = parser.parse_args()
    try:
        result = begin(options) | _measure(options.records, options.seed)
    except (BenchmarkFailed, OSError) as failed:
        print(f"benchmark stopped: {failed}", file=sys.stderr)
        return 1
    finish(options, result)
    return 0


def _measure(number: int, seed: int) -> dict[str, Any]:
    records = make_records(number, seed=seed)
    truth = true_pairs(records)
    progress(f"{len(records):,} records, {len(truth):,} pairs of one person")
    return {
        "records": len(records),
        "true_pairs": len(truth),
        "kefu": _ours(records, truth),
        "peer_exact": _exact(records, truth),
        "peer_rapidfuzz": _fuzzy(records, truth),
    }


def _ours(records: list[Record], truth: Pairs) -> dict[str, Any]:
    options = LinkOptions()
    backend = LocalBackend()
    started = time.perf_counter()
    backend.load([[_as_linked(record) for record in records]])
    loaded = time.perf_counter()
    scorer = Scorer(backend, len(records))
    learned_from = scorer.train()
    trained = time.perf_counter()
    found = list(scorer.pairs(threshold=options.doubtful))
    ended = time.perf_counter()
    backend.close()
    by_score = [one for one in found if one.score >= options.certain]
    proven = [one for one in found if is_certain(one, options.certain)]
    return {
        "seconds": {
            "normalise_and_load": rounded(loaded - started, 1),
            "learn": rounded(trained - loaded, 1),
            "score": rounded(ended - trained, 1),
        },
        "learned_from": learned_from,
        f"queue_and_merges_at_{options.doubtful}": _quality(_keys(found), truth),
        f"score_alone_at_{options.certain}": _quality(_keys(by_score), truth),
        "merged_without_a_person": _quality(_keys(proven), truth),
    }


def _exact(records: list[Record], truth: Pairs) -> dict[str, Any]:
    started = time.perf_counter()
    found = {
        pair
        for key in ("email", "phone")
        for pair in _sharing(records, lambda one, name=key: getattr(one, name))
    }
    return {"seconds": rounded(time.perf_counter() - started, 1)} | _quality(found, truth)


def _fuzzy(records: list[Record], truth: Pairs) -> dict[str, Any]:
    started = time.perf_counter()
    by_id = {record.id: record for record in records}
    candidates = {
        pair
        for key in (
            lambda one: one.email,
            lambda one: one.phone,
            lambda one: " ".join(sorted(one.name.casefold().replace(",", "").split())),
            lambda one: f"{one.street}|{one.postal_code}" if one.street else None,
            lambda one: f"{one.name.casefold()[:3]}|{one.postal_code}" if one.postal_code else None,
        )
        for pair in _sharing(records, key)
    }
    scores = {pair: _similarity(*(by_id[one] for one in pair)) for pair in candidates}
    seconds = time.perf_counter() - started
    best: dict[str, Any] = {"f1": -1.0}
    for threshold in _FUZZY_THRESHOLDS:
        found = {pair for pair, score in scores.items() if score >= threshold}
        quality = _quality(found, truth) | {"threshold": threshold}
        if quality["f1"] > best["f1"]:
            best = quality
    return {"seconds": rounded(seconds, 1)} | best


def _similarity(one: Record, other: Record) -> float:
    parts = [fuzz.token_sort_ratio(one.name.casefold(), other.name.casefold())]
    for field in ("email", "phone", "street"):
        mine, theirs = getattr(one, field), getattr(other, field)
        if mine and theirs:
            parts.append(fuzz.ratio(mine, theirs))
    # The name alone is too little to go by: without this the peer fares far worse.
    return sum(parts) / len(parts) if len(parts) > 1 else 0.0


def _sharing(records: list[Record], key: Any) -> Iterator[frozenset[UUID]]:
    blocks: dict[Any, list[UUID]] = {}
    for record in records:
        value = key(record)
        if value:
            blocks.setdefault(value, []).append(record.id)
    for ids in blocks.values():
        if len(ids) <= _LARGEST_BLOCK:
            yield from (frozenset(pair) for pair in combinations(ids, 2))


def _as_linked(record: Record) -> LinkRecord:
    return make_record(
        record.id,
        name=record.name,
        email=record.email,
        phone=record.phone,
        street=record.street,
        postal_code=record.postal_code,
        city=record.city,
        vouched_emails=[record.email] if record.email and record.email_verified else (),
        vouched_phones=[record.phone] if record.phone and record.phone_verified else (),
    )


def _keys(pairs: Iterable[ScoredPair]) -> Pairs:
    return {frozenset((one.first, one.second)) for one in pairs}


def _quality(found: Pairs, truth: Pairs) -> dict[str, Any]:
    right = len(found & truth)
    precision = right / len(found) if found else 1.0
    recall = right / len(truth) if truth else 1.0
    both = precision + recall
    return {
        "pairs": len(found),
        "wrong": len(found) - right,
        "precision": rounded(precision, 4),
        "recall": rounded(recall, 4),
        "f1": rounded(2 * precision * recall / both if both else 0.0, 4),
    }


if __name__ == "__main__":
    sys.exit(main())
