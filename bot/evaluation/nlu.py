"""Intents, foreign messages and entities, as the shipped pipeline understands them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.evaluation import jobs, pipeline
from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.figures import Figures, mean, ratio, spread
from bot.evaluation.jobs import Trained
from bot.evaluation.judging import Judgement, judge
from bot.evaluation.labels import IntentNames
from bot.evaluation.metrics.calibration import expected_calibration_error, reliability
from bot.evaluation.metrics.entities import entity_figures
from bot.evaluation.metrics.intents import accuracy_figures, confusions, per_class
from bot.evaluation.metrics.scope import scope_figures
from bot.evaluation.metrics.timing import latency_figures
from bot.evaluation.options import Options
from bot.evaluation.pipeline import Config
from bot.evaluation.plan import Plan, Round, make_plan

_COMPARED = (
    "accuracy",
    "in_scope_accuracy",
    "oos_recall",
    "macro_f1",
    "latency_ms.p50",
    "latency_ms.p95",
    "latency_ms.busy_p50",
    "cost.train_seconds",
    "cost.load_seconds",
    "cost.ready_seconds",
    "cost.resident_mb",
    "cost.archive_mb",
)


@dataclass(frozen=True)
class NluResult:
    """The report, and every message of every repeat for its pictures."""

    report: Figures
    judged: Judgement


@dataclass(frozen=True)
class Contestant:
    """A pipeline that is measured.

    Attributes:
        shipped: read as our server reads; otherwise as Rasa's own does.
        model: finished; None is trained in every round.
    """

    config: Config
    shipped: bool
    model: Path | None = None


def evaluate(options: Options, work: Path) -> NluResult:
    """Does what was asked.

    Args:
        work: an empty folder for data and models; may be removed afterwards.

    Raises:
        EvaluationFailed: a file, an option or a training is at fault.
    """
    configs = [pipeline.shipped(options.config)]
    if options.peer:
        configs.append(pipeline.stock())
    ours, *peers = pipeline.overridden(configs, options.overrides)
    plan = make_plan(options, ours)
    contestants = [Contestant(ours, shipped=True, model=options.model)]
    contestants += [Contestant(peer, shipped=False) for peer in peers]
    repeats = [
        _repeat(contestants, seed, rounds, plan, work / str(number))
        for number, (seed, rounds) in enumerate(zip(options.seeds, plan.repeats, strict=True))
    ]
    figures, judged = _summary([found[0] for found in repeats], options)
    report = {**figures, "notes": list(plan.notes)}
    if peers:
        theirs, _ = _summary([found[1] for found in repeats], options)
        report["peer"] = {"name": options.peer, **theirs}
        report["ratio"] = ratio(figures, theirs, _COMPARED)
    return NluResult(report, judged)


def _repeat(
    contestants: Sequence[Contestant],
    seed: int | None,
    rounds: Sequence[Round],
    plan: Plan,
    work: Path,
) -> list[tuple[Judgement, Figures]]:
    """For each contestant, what it made of all rounds, and its mean cost."""
    found: list[list[tuple[Judgement, Figures]]] = [[] for _ in contestants]
    for place, one in enumerate(rounds):
        folders = [work / f"{number}" / f"{place}" for number in range(len(contestants))]
        models = [
            _model(contestant, seed, one, plan, folder)
            for contestant, folder in zip(contestants, folders, strict=True)
        ]
        # All are trained before any reads: what is timed is timed in the same minutes.
        for number, contestant in enumerate(contestants):
            found[number].append(_read(contestant, models[number], one, plan, folders[number]))
    return [
        (_joined([judged for judged, _ in parts]), mean([cost for _, cost in parts]))
        for parts in found
    ]


def _model(
    contestant: Contestant, seed: int | None, one: Round, plan: Plan, folder: Path
) -> Trained:
    if contestant.model is not None:
        return Trained(contestant.model, None)
    if one.train is None:
        raise EvaluationFailed("there is nothing to train on")
    return jobs.train(
        contestant.config, one.train, _names(contestant, one, plan).intents, folder, seed=seed
    )


def _read(
    contestant: Contestant, made: Trained, one: Round, plan: Plan, folder: Path
) -> tuple[Judgement, Figures]:
    texts = [example.text for example in one.test.examples]
    readings, cost = jobs.read(made.model, texts, folder, shipped=contestant.shipped)
    if contestant.model is None:
        made.model.unlink()
    judged = judge(one.test.examples, readings, _names(contestant, one, plan))
    return judged, {"train_seconds": made.seconds, **asdict(cost)}


def _names(contestant: Contestant, one: Round, plan: Plan) -> IntentNames:
    """A finished model's intents are labels as they are; others are named for the training."""
    labels: frozenset[str] = frozenset()
    if contestant.model is None and one.train is not None:
        labels = one.train.labels | one.test.labels
    return IntentNames(labels, foreign_label=plan.foreign_label, foreign_intent=plan.foreign_intent)


def _summary(
    repeats: Sequence[tuple[Judgement, Figures]], options: Options
) -> tuple[Figures, Judgement]:
    """Means over the repeats, tables over all of their messages."""
    each = [{**_figures(judged), "cost": cost} for judged, cost in repeats]
    everything = _joined([judged for judged, _ in repeats])
    figures = {
        **mean(each),
        "rows": len(repeats[0][0].rows),
        "entities": entity_figures(
            [row.example for row in everything.rows], [row.reading for row in everything.rows]
        ),
        "per_class": per_class(everything),
        "confusions": confusions(everything),
        "reliability": reliability(*_certainty(everything, in_scope=False)),
    }
    if len(each) > 1:
        seeds = zip(options.seeds, each, strict=True)
        figures["repeats"] = [{"seed": seed, **one} for seed, one in seeds]
        figures["spread"] = spread(each)
    return figures, everything


def _figures(judged: Judgement) -> Figures:
    return {
        **accuracy_figures(judged),
        "ece": expected_calibration_error(reliability(*_certainty(judged, in_scope=False))),
        "latency_ms": latency_figures([row.reading for row in judged.rows]),
        "ece_in_scope": expected_calibration_error(reliability(*_certainty(judged, in_scope=True))),
        "oos": scope_figures(judged),
        "labels": len({row.gold for row in judged.rows if not row.foreign}),
        "foreign_rows": sum(row.foreign for row in judged.rows),
    }


def _certainty(judged: Judgement, *, in_scope: bool) -> tuple[list[float], list[bool]]:
    """Confidence in the top intent, and whether it was right."""
    rows = [row for row in judged.rows if not (in_scope and row.foreign)]
    return [row.reading.confidence for row in rows], [row.top == row.gold for row in rows]


def _joined(parts: Sequence[Judgement]) -> Judgement:
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.joined(part)
    return whole
