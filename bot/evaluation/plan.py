"""What is trained on what, and what is tested on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.evaluation import folds, pipeline
from bot.evaluation.datasets import Source, read
from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.examples import Dataset, same_text
from bot.evaluation.jobs import ROOT
from bot.evaluation.labels import read_label_map
from bot.evaluation.options import FOLD_SEED, NLU_DATA, Options
from bot.evaluation.pipeline import Config

_FOREIGN = "out_of_scope"


@dataclass(frozen=True)
class Round:
    """One training and what is tested on it; a finished model needs no training data."""

    train: Dataset | None
    test: Dataset


@dataclass(frozen=True)
class Plan:
    """The rounds of each repeat, and the names that all of them share.

    Attributes:
        foreign_label: what the data calls messages that belong nowhere.
        foreign_intent: what the classifier calls them.
        notes: what a reader of the figures should know.
    """

    repeats: tuple[tuple[Round, ...], ...]
    foreign_label: str
    foreign_intent: str
    notes: tuple[str, ...]


def make_plan(options: Options, config: Config) -> Plan:
    """Reads the files and lays out the rounds.

    Raises:
        EvaluationFailed: a file cannot be used, or its labels do not fit what was asked.
    """
    names = read_label_map(options.label_map) if options.label_map else {}
    foreign_intent = str(
        pipeline.option(config, pipeline.CLASSIFIER, "out_of_scope_intent", _FOREIGN)
    )
    foreign_label = foreign_intent
    if options.oos_label:
        foreign_label = names.get(options.oos_label, options.oos_label)

    def labelled(source: Source) -> Dataset:
        return read(source).relabelled(names)

    train = test = None
    if not options.model or options.peer:
        train = labelled(options.train or Source(NLU_DATA, ROOT / NLU_DATA))
    if options.test:
        test = labelled(options.test)
    if options.oos_label:
        _check_foreign(foreign_label, train, test)
    if test is not None:
        notes = [] if train is None else list(_doubts(train, test, foreign_label))
        only = (Round(train, test),)
        return Plan(tuple(only for _ in options.seeds), foreign_label, foreign_intent, tuple(notes))
    if train is None:
        raise EvaluationFailed("there is neither training nor test data")
    repeats, untested = _folded(options, train)
    notes = [f"never tested, for want of a second text: {_listed(untested)}"] if untested else []
    return Plan(repeats, foreign_label, foreign_intent, tuple(notes))


def _folded(options: Options, data: Dataset) -> tuple[tuple[tuple[Round, ...], ...], Sequence[str]]:
    repeats, untested = [], []
    for seed in options.seeds:
        parts = folds.held_out(data.examples, options.folds, FOLD_SEED if seed is None else seed)
        untested = folds.never_tested(data.examples, parts)
        everything = set(range(len(data.examples)))
        repeats.append(
            tuple(Round(data.of(sorted(everything - set(part))), data.of(part)) for part in parts)
        )
    return tuple(repeats), untested


def _check_foreign(label: str, train: Dataset | None, test: Dataset | None) -> None:
    """A misspelt --oos-label would quietly measure something else."""
    there = [dataset for dataset in (train, test) if dataset is not None]
    if not any(label in dataset.labels for dataset in there):
        where = " nor ".join(dataset.name for dataset in there)
        raise EvaluationFailed(f"no row has the label '{label}' of --oos-label in {where}")


def _doubts(train: Dataset, test: Dataset, foreign_label: str) -> Iterator[str]:
    trained = {same_text(example.text) for example in train.examples}
    again = sum(same_text(example.text) in trained for example in test.examples)
    if again:
        yield f"{again} of {len(test.examples)} test messages are in the training data too"
    unknown = test.labels - train.labels - {foreign_label}
    if unknown:
        yield f"labels of the test that were never trained: {_listed(sorted(unknown))}"


def _listed(names: Sequence[str], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
