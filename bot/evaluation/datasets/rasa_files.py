"""Rasa's training files, read by Rasa itself."""

import json
import re
import warnings
from collections.abc import Sequence
from pathlib import Path

from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.formats import RasaReader, RasaYAMLReader
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.evaluation.datasets.text import decoded, example
from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.examples import Dataset, Shapes

# What Rasa passes over with a warning; an evaluation that left rows out would be of other data.
_PASSED_OVER = ("Issue found while processing", "Unexpected block found")
_LINE = re.compile(r"\bline (\d+)|:(\d+):")


def read_rasa(paths: Sequence[Path], *, name: str) -> Dataset:
    """The examples of YAML files, and their regexes, look-up tables and synonyms.

    Raises:
        EvaluationFailed: a file is not Rasa's YAML, or Rasa would pass over a part of it.
    """
    read = [_yaml(path) for path in paths]
    whole = read[0].merge(*read[1:]) if len(read) > 1 else read[0]
    return _dataset(whole, name)


def read_rasa_json(path: Path, *, name: str) -> Dataset:
    """The same of Rasa's older JSON.

    Raises:
        EvaluationFailed: the file does not follow Rasa's schema.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = RasaReader()
        try:
            return _dataset(reader.read_from_json(json.loads(decoded(path))), name)
        except (RasaException, ValueError, KeyError, TypeError) as error:
            raise EvaluationFailed(_line(path, str(error))) from error


def _yaml(path: Path) -> TrainingData:
    content = decoded(path)
    reader = RasaYAMLReader()
    reader.filename = str(path)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            read: TrainingData = reader.reads(content)
        except (RasaException, ValueError, KeyError, TypeError, AttributeError) as error:
            raise EvaluationFailed(_line(path, str(error))) from error
    for warning in said:
        message = str(warning.message)
        if message.startswith(_PASSED_OVER):
            raise EvaluationFailed(_line(path, message))
    return read


def _dataset(read: TrainingData, name: str) -> Dataset:
    examples = []
    for number, message in enumerate(read.intent_examples, start=1):
        examples.append(
            example(
                message.get(TEXT),
                message.get_full_intent(),
                at=f"{name}: example {number}",
                entities=tuple(dict(entity) for entity in message.get(ENTITIES) or ()),
            )
        )
    shapes = Shapes(
        tuple(read.regex_features), tuple(read.lookup_tables), dict(read.entity_synonyms)
    )
    return Dataset(name, tuple(examples), shapes)


def _line(path: Path, said: str) -> str:
    """One line of what Rasa says in several; the file's line where it names one."""
    found = _LINE.search(said.replace(str(path), ""))
    line = next((number for number in found.groups() if number), "") if found else ""
    flat = " ".join(said.replace(f"'{path}'", "the file").split())
    for end in ("You can use https://yamlchecker", "More info at", "This block will be"):
        flat = flat.split(end)[0].strip()
    return f"{path}:{line}: {flat[:300]}" if line else f"{path}: {flat[:300]}"
