"""``python -m bot.evaluation nlu|sentiment …``, which is what `kefu eval` runs."""

import os
import platform
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from bot.evaluation import nlu, picture, report, sentiment, tables
from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.figures import Figures
from bot.evaluation.judging import Judgement
from bot.evaluation.metrics.tone import TONES
from bot.evaluation.options import Options, parse

_BUSY = 0.6
"""Of the processors: from this load on what is timed by the clock is not to be believed."""


def main(arguments: list[str] | None = None) -> int:
    """0 when there is a report; 1 with one line on stderr when there is none."""
    options = parse(arguments)
    # As an exit like any other, so that data and models in the temporary folder go with it.
    signal.signal(signal.SIGTERM, _stop)
    try:
        _evaluate(options)
    except EvaluationFailed as failed:
        print(f"kefu eval: {failed}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"kefu eval: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _evaluate(options: Options) -> None:
    if options.out is not None:
        # Before anything is trained: minutes would be lost where it cannot be written.
        options.out.mkdir(parents=True, exist_ok=True)
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="kefu-eval-") as work:
        if options.kind == "nlu":
            result = nlu.evaluate(options, Path(work))
            found, golds, answers = result.report, *_pairs(result.judged)
            order: dict[str, Any] = {"last": result.judged.foreign_label}
            shown = tables.nlu_tables(found, options.top)
        else:
            heard = sentiment.evaluate(options, Path(work))
            found, golds, answers = heard.report, heard.golds, heard.answers
            order = {"scale": TONES}
            shown = tables.sentiment_tables(found, options.top)
    found = {**found, "setup": _setup(options), "machine": _machine(before)}
    if before > _BUSY * (os.cpu_count() or 1):
        found["notes"].append(
            f"the machine was busy (load {before:.1f}): believe the processor's time, not the clock"
        )
    if options.out is not None:
        pictures = ["confusions.png", "reliability.png"]
        picture.draw_confusions(golds, answers, options.out / pictures[0], **order)
        picture.draw_reliability(found["reliability"], found["ece"], options.out / pictures[1])
        report.write(found, shown, options.out, pictures)
    if options.json:
        report.print_json(found)
    else:
        report.print_tables(found, shown)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


def _pairs(judged: Judgement) -> tuple[list[str], list[str]]:
    return [row.gold for row in judged.rows], [judged.answer(row) for row in judged.rows]


def _setup(options: Options) -> Figures:
    return {
        "train": options.train.given if options.train else None,
        "test": options.test.given if options.test else None,
        "model": options.model.name if options.model else None,
        "config": options.config.name,
        "oos_label": options.oos_label,
        "folds": None if options.test else options.folds,
        "seeds": [seed for seed in options.seeds if seed is not None],
        "set": [f"{one.component}.{one.option}={one.value}" for one in options.overrides],
        "peer": options.peer,
    }


def _machine(load_before: float) -> Figures:
    return {
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": load_before,
        "load_after": os.getloadavg()[0],
    }


if __name__ == "__main__":
    sys.exit(main())
