"""The command line of `kefu eval nlu` and `kefu eval sentiment`."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.datasets import Source
from bot.evaluation.jobs import ROOT
from bot.evaluation.peer import DIET, VADER
from bot.evaluation.pipeline import Override

MODEL = "models/kefu.tar.gz"
NLU_DATA = "nlu_data"
FOLD_SEED = 7
"""Of the split into folds, where no seed was asked for."""


@dataclass(frozen=True)
class Options:
    """What was asked for, files found.

    Attributes:
        kind: ``nlu`` or ``sentiment``.
        seeds: one for each repeat; None leaves the configuration's own.
        out: the folder for the report and its pictures.
    """

    kind: str
    train: Source | None
    test: Source | None
    model: Path | None
    config: Path
    label_map: Path | None
    oos_label: str | None
    folds: int
    seeds: tuple[int | None, ...]
    overrides: tuple[Override, ...]
    peer: str | None
    json: bool
    out: Path | None
    top: int


def parse(arguments: list[str] | None) -> Options:
    """Reads the command line; ends the process with code 2 when it is wrong, as argparse does."""
    parser = _parser()
    given = parser.parse_args(arguments)
    base: Path = given.relative_to

    def file(path: str | None) -> Path | None:
        return None if path is None else base / Path(path).expanduser()

    def source(path: str | None) -> Source | None:
        return None if path is None else Source.parse(path, relative_to=base)

    if given.model and given.train:
        parser.error("--model is measured as it is: leave out --train")
    if given.model and not given.test:
        parser.error("--model needs --test: it was trained on the project's own data")
    if given.model and (given.overrides or given.seed is not None or given.repeat > 1):
        parser.error("--model is measured as it is: leave out --set, --seed and --repeat")
    seeds: tuple[int | None, ...] = (given.seed,)
    if given.repeat > 1:
        first = FOLD_SEED if given.seed is None else given.seed
        seeds = tuple(range(first, first + given.repeat))
    return Options(
        kind=given.kind,
        train=source(given.train),
        test=source(given.test),
        model=file(given.model),
        config=file(given.config) or ROOT / "config.yml",
        label_map=file(given.label_map),
        oos_label=getattr(given, "oos_label", None),
        folds=given.folds,
        seeds=seeds,
        overrides=tuple(given.overrides),
        peer=given.peer,
        json=given.json,
        out=file(given.out),
        top=given.top,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kefu eval", description="Measure what the assistant understands."
    )
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="nlu|sentiment")
    nlu = kinds.add_parser(
        "nlu",
        help="intents, foreign messages, entities",
        description="Measure intents, foreign messages and entities. Without files: stratified "
        "folds over nlu_data. With --test alone: trained on nlu_data. With both: trained on "
        "--train. Files: CSV or TSV (text or sentence, label), JSON (file.json#split,split for "
        "one with splits), JSON lines, Rasa YAML, a folder of Rasa YAML or of seq.in and label.",
    )
    nlu.add_argument(
        "--oos-label",
        metavar="L",
        help="the label of messages that belong nowhere (default: the classifier's own name for "
        "them)",
    )
    _common(nlu, peer=DIET, peer_help="stock Rasa's default pipeline, trained on the same rows")
    tone = kinds.add_parser(
        "sentiment",
        help="the tone of messages",
        description="Measure the tone that is read. With --test: the trained model, or one "
        "trained on --train. Without: stratified folds over nlu_data/sentiment. Files: as of "
        "`kefu eval nlu`, labelled negative, neutral or positive; columns valence (-1 to 1) and "
        "frustrated (yes, no) are measured too.",
    )
    _common(tone, peer=VADER, peer_help="a lexicon of words with their valence")
    return parser


def _common(parser: argparse.ArgumentParser, *, peer: str, peer_help: str) -> None:
    add = parser.add_argument
    add("--train", metavar="F", help="labelled file or folder to train on")
    add("--test", metavar="F", help="labelled file or folder to test on")
    add("--model", metavar="M", help=f"a trained model, measured as it is ({MODEL})")
    add("--config", metavar="F", help="the pipeline (config.yml)")
    add("--label-map", metavar="F", help="YAML, JSON or CSV: from a file's labels to ours")
    add("--folds", type=_at_least(2), default=5, metavar="N", help="parts (default 5)")
    add("--repeat", type=_at_least(1), default=1, metavar="N", help="train N times; report means")
    add("--seed", type=_at_least(0), metavar="N", help="of the components and folds")
    add(
        "--set",
        dest="overrides",
        action="append",
        default=[],
        type=_override,
        metavar="COMPONENT.OPTION=VALUE",
        help="change the pipeline for this run; may be given several times",
    )
    add("--peer", choices=[peer], help=f"measure beside it: {peer_help}")
    add("--json", action="store_true", help="print JSON, for piping")
    add("--out", metavar="FOLDER", help="write report.json, report.md and pictures")
    add("--top", type=_at_least(0), default=15, metavar="N", help="confusions to show")
    # Set by `kefu eval`, which may be called from anywhere.
    add("--relative-to", type=Path, default=Path.cwd(), help=argparse.SUPPRESS)


def _at_least(least: int) -> Callable[[str], int]:
    def number(given: str) -> int:
        value = int(given)
        if value < least:
            raise argparse.ArgumentTypeError(f"{value} is less than {least}")
        return value

    number.__name__ = "number"  # argparse names it when the text is no number
    return number


def _override(given: str) -> Override:
    try:
        return Override.parse(given)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
