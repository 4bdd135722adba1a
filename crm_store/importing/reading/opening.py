"""Which reader a file needs, by its bytes first and its name second."""

import json
from pathlib import Path

from crm_store.importing.errors import UnreadableFile
from crm_store.importing.reading.base import ReadingOptions, Source
from crm_store.importing.reading.binary import refuse_binary
from crm_store.importing.reading.delimited import DelimitedSource
from crm_store.importing.reading.encoding import detect_encoding
from crm_store.importing.reading.json_rows import JsonSource
from crm_store.importing.reading.streams import is_packed, open_bytes

FORMATS = ("csv", "tsv", "xlsx", "jsonl", "json", "parquet")
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_SAMPLE = 1 << 16
_SUFFIXES = {
    ".csv": "csv", ".txt": "csv", ".tsv": "tsv", ".tab": "tsv", ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".parquet": "parquet",
}  # fmt: skip
KNOWN_ENDINGS = frozenset({*_SUFFIXES, ".gz"})


def open_source(path: Path, options: ReadingOptions | None = None) -> Source:
    """The reader for the file.

    Raises:
        UnreadableFile: no such file, a folder, an empty or damaged one, or a kind that is not read.
        FileTooLarge: reading it would take more than the stated limits.
    """
    options = options or ReadingOptions()
    if path.is_dir():
        raise UnreadableFile(f"{path.name}: a folder, and a file is expected")
    if not path.is_file():
        raise UnreadableFile(f"{path.name}: no such file")
    name = options.format or format_of(path)
    if name not in FORMATS:
        raise UnreadableFile(f"{name}: one of {', '.join(FORMATS)} is expected")
    if name in {"xlsx", "parquet"} and is_packed(path):
        raise UnreadableFile("unpack the file first: this format is packed by itself")
    # What reads these two takes as long to load as everything else that an import needs.
    if name == "xlsx":
        from crm_store.importing.reading.workbook import WorkbookSource  # noqa: PLC0415

        return WorkbookSource(path, options)
    if name == "parquet":
        from crm_store.importing.reading.parquet import ParquetSource  # noqa: PLC0415

        return ParquetSource(path)
    with open_bytes(path) as stream:
        sample = stream.read(_SAMPLE)
    refuse_binary(sample, encoding=options.encoding, delimiter=options.delimiter)
    if name in {"json", "jsonl"}:
        return JsonSource(path, name)
    return DelimitedSource(path, options, name)


def format_of(path: Path) -> str:
    """The format that the file has.

    Raises:
        UnreadableFile: empty, or an old Excel workbook.
    """
    with open_bytes(path) as stream:
        sample = stream.read(_SAMPLE)
    if not sample:
        raise UnreadableFile("the file is empty")
    if sample.startswith(b"PAR1"):
        return "parquet"
    if sample.startswith(_ZIP):
        return "xlsx"
    if sample.startswith(_OLD_EXCEL):
        raise UnreadableFile("an old Excel workbook (.xls); save it as .xlsx or CSV")
    by_name = _by_name(path)
    if by_name in {"csv", "tsv"}:
        return by_name
    return _json_kind(sample) or by_name or "csv"


def _by_name(path: Path) -> str | None:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return _SUFFIXES.get(suffixes[-1]) if suffixes else None


def _json_kind(sample: bytes) -> str | None:
    encoding, mark, _ = detect_encoding(sample)
    text = sample[mark:].decode(encoding, "replace").lstrip()
    if text.startswith("["):
        return "json"
    if not text.startswith("{"):
        return None
    first = text.split("\n", 1)[0]
    try:
        json.loads(first)
    except ValueError:
        return "jsonl" if "\n{" in text else None
    return "jsonl"
