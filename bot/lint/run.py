"""All checks over a project."""

from collections.abc import Sequence
from pathlib import Path

from bot.lint import (
    accepted,
    counts,
    duplicates,
    entities,
    labels,
    near_duplicates,
    project,
    sentiment,
    uniformity,
)
from bot.lint.findings import Finding
from bot.lint.project import Project

_CHECKS = (
    labels.check_unknown,
    labels.check_untaught,
    counts.check_single,
    counts.check_few,
    duplicates.check,
    entities.check_edges,
    entities.check_forgotten,
    entities.check_consistency,
    sentiment.check,
)
_JUDGED = frozenset({"near-duplicate", "intent-uniform", "label-noise"})


def lint(
    config: Path,
    domain: Path,
    data: Sequence[Path],
    *,
    fast: bool = False,
    thorough: bool = False,
) -> list[Finding]:
    """The findings that nobody accepted, by file and line.

    Args:
        fast: leaves out the checks that need the sentence encoder.
        thorough: reports every label that confident learning doubts, also where the example is
            more likely hard than wrong.
    """
    read = project.read(config, domain, data)
    findings = [*read.findings, *(found for check in _CHECKS for found in check(read))]
    findings += _judge_fast(read) if fast else _judge(read, thorough)
    unusable: list[Finding] = []
    entries = [entry for path in read.accepted_files for entry in accepted.read(path, unusable)]
    kept = accepted.apply(entries, findings, read, judged=_JUDGED)
    return sorted({*unusable, *kept})


def _judge_fast(read: Project) -> list[Finding]:
    return [*near_duplicates.check(read, None), *uniformity.check(read, None)]


def _judge(read: Project, thorough: bool) -> list[Finding]:
    # The encoder and scikit-learn take seconds to load; without them the fast checks are fast.
    from bot.components.encoder import EncoderSpec, load_encoder
    from bot.lint import label_noise

    texts = [example.text for example in read.nlu.examples]
    encoded = load_encoder(EncoderSpec()).encode([*texts, *(row.text for row in read.rows)])
    intents, rows = encoded[: len(texts)], encoded[len(texts) :]
    return [
        *near_duplicates.check(read, intents),
        *uniformity.check(read, intents),
        *label_noise.check_intents(read, intents, thorough=thorough),
        *label_noise.check_sentiment(read, rows, thorough=thorough),
    ]
