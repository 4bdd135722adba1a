"""Readers of labelled files: CSV, TSV, JSON, Rasa's own, and folders of parallel lines."""

from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.datasets.json_files import read_json, read_json_lines
from bot.evaluation.datasets.lines import is_parallel, read_parallel
from bot.evaluation.datasets.rasa_files import read_rasa
from bot.evaluation.datasets.tables import read_table
from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.examples import Dataset, Example

__all__ = ["Source", "read"]


@dataclass(frozen=True)
class Source:
    """A file or folder, and the parts of it that are meant.

    Attributes:
        given: as it was typed, for messages and reports.
        splits: keys of a JSON object, such as ``train,oos_train``.
    """

    given: str
    path: Path
    splits: tuple[str, ...] = ()

    @classmethod
    def parse(cls, given: str, *, relative_to: Path) -> "Source":
        """From ``path`` or ``path#split,split``; a file whose name has a # is taken as it is."""
        whole = relative_to / Path(given).expanduser()
        if "#" not in given or whole.exists():
            return cls(given, whole)
        path, _, splits = given.rpartition("#")
        names = tuple(name.strip() for name in splits.split(",") if name.strip())
        return cls(given, relative_to / Path(path).expanduser(), names)


def read(source: Source) -> Dataset:
    """The examples of a file or folder, in its order.

    Raises:
        EvaluationFailed: it cannot be read; the message is ``file:line: reason``.
    """
    path, kind = source.path, source.path.suffix.lower()
    if not path.exists():
        raise EvaluationFailed(f"{source.given}: there is no such file or folder")
    if source.splits and kind != ".json":
        raise EvaluationFailed(f"{source.given}: only a JSON file has splits to choose from")
    try:
        if path.is_dir():
            dataset = _folder(source)
        elif kind in {".yml", ".yaml"}:
            dataset = read_rasa([path], name=source.given)
        elif kind == ".json":
            dataset = read_json(path, source.splits, name=source.given)
        else:
            dataset = Dataset(source.given, _flat(path, kind))
    except OSError as error:
        raise EvaluationFailed(f"{source.given}: {error.strerror or error}") from error
    if not dataset.examples:
        raise EvaluationFailed(f"{source.given}: there is no labelled example in it")
    return dataset


def _flat(path: Path, kind: str) -> tuple[Example, ...]:
    if kind == ".csv":
        return read_table(path, delimiters=",;\t")
    if kind == ".tsv":
        return read_table(path, delimiters="\t")
    if kind == ".jsonl":
        return read_json_lines(path)
    raise EvaluationFailed(
        f"{path}: '{kind or path.name}' is none of .csv, .tsv, .json, .jsonl, .yml, .yaml"
    )


def _folder(source: Source) -> Dataset:
    if is_parallel(source.path):
        return Dataset(source.given, read_parallel(source.path))
    files = sorted(
        path
        for pattern in ("*.yml", "*.yaml")
        for path in source.path.rglob(pattern)
        if path.is_file()
    )
    if not files:
        raise EvaluationFailed(
            f"{source.given}: the folder has neither 'seq.in' and 'label' nor Rasa's YAML files"
        )
    return read_rasa(files, name=source.given)
