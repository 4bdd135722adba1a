"""`python -m bot.preflight`: whether training can begin, in a second and without a model.

Rasa notices some of this after minutes, some only in its log, and some never. A line for each thing
that has to be mended, `file:line: reason`; exit code 1 when there is any.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.components.errors import EncoderMissing
from bot.components.locate import PACKAGED, locate
from bot.lint import counts, labels, project
from bot.lint.findings import Finding, error
from bot.lint.places import add_places
from bot.lint.project import Project
from bot.lint.sentiment_rows import LABELS

_YES = ("1", "true", "yes", "on")


def obstacles(config: Path, domain: Path, data: Sequence[Path]) -> list[Finding]:
    """What has to be mended before training, by file and line."""
    read = project.read(config, domain, data)
    return sorted(
        {
            *read.findings,
            *labels.check_unknown(read),
            *counts.check_single(read),
            *_nothing_to_learn(read, data),
            *_missing_encoders(read),
        }
    )


def _nothing_to_learn(read: Project, data: Sequence[Path]) -> Iterator[Finding]:
    if not read.nlu.by_intent() and not read.findings:
        yield error(data[0], 1, "intent-none", "there is no intent with examples in here")
    absent = sorted(set(LABELS) - {row.label for row in read.rows})
    if read.rows and absent:
        said = f"no sentence is labelled {', '.join(absent)}"
        yield error(read.rows[0].file, 1, "sentiment-missing", said)


def _missing_encoders(read: Project) -> Iterator[Finding]:
    for option in read.options:
        if option.name == "model" and option.component.startswith("bot."):
            reason = _why_missing(option.value)
            if reason:
                yield error(option.file, option.line, "encoder-missing", reason)


def _why_missing(model: str) -> str | None:
    """Why an encoder cannot be loaded, without loading it."""
    try:
        place = locate(model)
    except EncoderMissing as missing:
        return str(missing) if model == PACKAGED else f"there is no encoder folder '{model}'"
    if Path(place).is_dir():
        return None
    # "owner/name" is a Hugging Face name, unless the first half is a folder of ours.
    if Path(model.partition("/")[0]).is_dir():
        return f"there is no encoder folder '{model}'"
    if os.environ.get("HF_HUB_OFFLINE", "").lower() in _YES and not _is_cached(model):
        return f"the encoder '{model}' is not on this machine, and HF_HUB_OFFLINE is set"
    return None


def _is_cached(model: str) -> bool:
    home = Path(os.environ.get("HF_HOME", "~/.cache/huggingface")).expanduser()
    cache = Path(os.environ.get("HF_HUB_CACHE", home / "hub"))
    return (cache / f"models--{model.replace('/', '--')}").is_dir()


def main(arguments: list[str] | None = None) -> int:
    """Prints the obstacles; 1 when there are any."""
    parser = argparse.ArgumentParser(prog="python -m bot.preflight", description=__doc__)
    add_places(parser)
    options = parser.parse_args(arguments)
    found = obstacles(options.config, options.domain, options.data)
    for finding in found:
        print(f"{finding.file}:{finding.line}: {finding.text}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
