"""The tone of messages, as the shipped pipeline reads it."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.evaluation import folds, jobs, pipeline
from bot.evaluation.datasets import Source, read
from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.examples import Dataset, Example
from bot.evaluation.figures import Figures, mean, ratio, spread
from bot.evaluation.jobs import ROOT
from bot.evaluation.labels import read_label_map
from bot.evaluation.metrics.timing import latency_figures
from bot.evaluation.metrics.tone import TONES, tone_figures
from bot.evaluation.options import FOLD_SEED, MODEL, NLU_DATA, Options
from bot.evaluation.peer import Vader
from bot.evaluation.pipeline import ANALYZER, Config
from bot.evaluation.readings import Reading

_COMPARED = ("accuracy", "macro_f1", "latency_ms.p50", "latency_ms.p95", "latency_ms.busy_p50")
_DATA = "nlu_data/sentiment"
_TABLES = ("per_class", "confusions", "reliability")


@dataclass(frozen=True)
class Heard:
    """One message of the test, and the tone that was read from it."""

    example: Example
    tone: dict[str, Any]
    reading: Reading


@dataclass(frozen=True)
class SentimentResult:
    """The report, and every message of every repeat for its picture."""

    report: Figures
    golds: list[str]
    answers: list[str]


def evaluate(options: Options, work: Path) -> SentimentResult:
    """Does what was asked.

    Args:
        work: an empty folder for data and models; may be removed afterwards.

    Raises:
        EvaluationFailed: a file, an option or a training is at fault.
    """
    peer = Vader() if options.peer else None
    if options.test and not options.train:
        test = _labelled(options.test, options)
        model = options.model or ROOT / MODEL
        if not model.is_file():
            raise EvaluationFailed(f"there is no model {model}: run `kefu train`, or give --train")
        rounds = [[_heard(test, model, work / "model", None)]]
    else:
        rounds = [
            list(_rounds(options, seed, work / str(number)))
            for number, seed in enumerate(options.seeds)
        ]
    report = _report(rounds, options)
    if peer is not None:
        examples = [one.example for found, _ in rounds[0] for one in found]
        readings = [peer.read(example.text) for example in examples]
        tones = [dict(reading.sentiment or {}) for reading in readings]
        peers = {**tone_figures(examples, tones), "latency_ms": latency_figures(readings)}
        report["peer"] = {"name": options.peer, **peers}
        report["ratio"] = ratio(report, peers, _COMPARED)
    everything = [one for repeat in rounds for found, _ in repeat for one in found]
    golds = [one.example.label for one in everything]
    return SentimentResult(report, golds, [str(one.tone["label"]) for one in everything])


def _rounds(
    options: Options, seed: int | None, work: Path
) -> Iterator[tuple[list[Heard], Figures]]:
    """Trains and tests: once when there is a test, or else on each fold."""
    (config,) = pipeline.overridden([pipeline.shipped(options.config)], options.overrides)
    if not pipeline.has(config, ANALYZER):
        raise EvaluationFailed(f"{options.config}: the pipeline has no {ANALYZER}")
    files = _training_files(options, config)
    if options.test:
        test = _labelled(options.test, options)
        model, seconds = _train(config, seed, files, work / "0")
        yield _heard(test, model, work / "0", seconds)
        return
    whole = Dataset("", tuple(example for data in files for example in data.examples))
    parts = folds.held_out(whole.examples, options.folds, FOLD_SEED if seed is None else seed)
    for place, part in enumerate(parts):
        model, seconds = _train(config, seed, _without(files, set(part)), work / str(place))
        yield _heard(whole.of(part), model, work / str(place), seconds)


def _training_files(options: Options, config: Config) -> list[Dataset]:
    """A data set for each file: the component's own folder, or what --train names."""
    given = options.train
    if given is not None and not given.path.is_dir():
        return [_labelled(given, options)]
    folder = (
        given.path if given is not None else ROOT / pipeline.option(config, ANALYZER, "data", _DATA)
    )
    paths = sorted(folder.glob("*.csv"))
    if not paths:
        raise EvaluationFailed(f"{folder}: there is no CSV file in it")
    return [_labelled(Source(str(path), path), options) for path in paths]


def _labelled(source: Source, options: Options) -> Dataset:
    names = read_label_map(options.label_map) if options.label_map else {}
    data = read(source).relabelled(names)
    data = data.relabelled({label: label.lower() for label in data.labels})
    for example in data.examples:
        if example.label not in TONES:
            raise EvaluationFailed(
                f"{example.at}: '{example.label}' is none of {', '.join(TONES)}; "
                "--label-map says what it means"
            )
    return data


def _without(files: Sequence[Dataset], held: set[int]) -> list[Dataset]:
    kept, first = [], 0
    for data in files:
        places = range(len(data.examples))
        kept.append(data.of(place for place in places if first + place not in held))
        first += len(data.examples)
    return kept


def _train(
    config: Config, seed: int | None, files: Sequence[Dataset], folder: Path
) -> tuple[Path, float | None]:
    """Trains the whole pipeline, the analyzer on these sentences; the rest comes from the cache."""
    sentences = folder.parent / f"{folder.name}-sentences"
    sentences.mkdir(parents=True)
    for number, data in enumerate(files):
        _write(data.examples, sentences / f"{number:03}.csv")
    told = pipeline.Override(ANALYZER, "data", str(sentences))
    (config,) = pipeline.overridden([config], [told])
    data = read(Source(NLU_DATA, ROOT / NLU_DATA))
    made = jobs.train(config, data, {label: label for label in data.labels}, folder, seed=seed)
    return made.model, made.seconds


def _write(examples: Iterable[Example], path: Path) -> None:
    """As the component reads: a column only where the sentences say something in it."""
    rows = [
        {
            "text": example.text,
            "label": example.label,
            "valence": example.valence,
            "frustrated": {True: "yes", False: "no", None: None}[example.frustrated],
        }
        for example in examples
    ]
    used = [
        name
        for name in ("text", "label", "valence", "frustrated")
        if name in ("text", "label") or any(row[name] is not None for row in rows)
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, used, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def _heard(
    test: Dataset, model: Path, folder: Path, seconds: float | None
) -> tuple[list[Heard], Figures]:
    texts = [example.text for example in test.examples]
    readings, cost = jobs.read(model, texts, folder, shipped=True)
    heard = []
    for example, reading in zip(test.examples, readings, strict=True):
        if not reading.sentiment:
            raise EvaluationFailed(f"{model}: the pipeline of this model reads no sentiment")
        heard.append(Heard(example, dict(reading.sentiment), reading))
    return heard, {"train_seconds": seconds, **asdict(cost)}


def _report(rounds: Sequence[Sequence[tuple[list[Heard], Figures]]], options: Options) -> Figures:
    repeats, everything = [], []
    for found in rounds:
        heard = [one for part, _ in found for one in part]
        everything += heard
        figures = _tones(heard)
        numbers = {key: value for key, value in figures.items() if key not in _TABLES}
        latency = latency_figures([one.reading for one in heard])
        cost = mean([cost for _, cost in found])
        repeats.append({**numbers, "latency_ms": latency, "cost": cost, "rows": len(heard)})
    pooled = _tones(everything)
    report = {**mean(repeats), **{key: pooled[key] for key in _TABLES}, "notes": []}
    if len(repeats) > 1:
        seeds = zip(options.seeds, repeats, strict=True)
        report["repeats"] = [{"seed": seed, **repeat} for seed, repeat in seeds]
        report["spread"] = spread(repeats)
    return report


def _tones(heard: Sequence[Heard]) -> Figures:
    return tone_figures([one.example for one in heard], [one.tone for one in heard])
