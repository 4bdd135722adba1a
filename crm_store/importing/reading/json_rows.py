"""JSON lines, and arrays of objects."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from crm_store.importing.errors import UnreadableFile
from crm_store.importing.reading.base import RawBatch, RowProblem, unique_header
from crm_store.importing.reading.encoding import TOO_LONG, Lines, detect_encoding
from crm_store.importing.reading.streams import open_bytes, size_of

_SAMPLE = 1 << 18
_HEADER_ROWS = 1_000
_CHUNK = 1 << 18
_MAX_OBJECT = 16 << 20
_MAX_DEPTH = 4
Item = tuple[int, dict[str, Any] | RowProblem]


class JsonSource:
    """Objects, one a line or all in an array; the columns are the keys of the first thousand."""

    def __init__(self, path: Path, format_name: str) -> None:
        self._path = path
        self.format = format_name
        self._size = size_of(path)
        self._stream: IO[bytes] | None = None
        self._lines: Lines | None = None
        with open_bytes(path) as stream:
            sample = stream.read(_SAMPLE)
        self._encoding, self._mark, _ = detect_encoding(sample)
        try:
            names = self._first_keys()
        finally:
            self.close()
        if not names:
            raise UnreadableFile("no JSON objects in it")
        self._keys = list(names)
        self.header = unique_header(self._keys)

    def _first_keys(self) -> dict[str, None]:
        names: dict[str, None] = {}
        rows = 0
        for _, item in self._items():
            if isinstance(item, dict):
                names.update(dict.fromkeys(item))
                rows += 1
            if rows >= _HEADER_ROWS:
                break
        return names

    def batches(self, size: int) -> Iterator[RawBatch]:
        batch = RawBatch()
        keys = self._keys
        known = frozenset(keys)
        for number, item in self._items():
            if isinstance(item, RowProblem):
                batch.problems.append(item)
            else:
                if not item.keys() <= known:
                    batch.repaired("unknown_key")
                batch.numbers.append(number)
                batch.rows.append([item.get(key) for key in keys])
            if len(batch) >= size:
                yield batch
                batch = RawBatch()
        if len(batch):
            yield batch

    def position(self) -> tuple[int, int]:
        raw = getattr(self._stream, "raw_position", None)
        read = raw() if raw else (self._lines.read if self._lines else 0)
        return int(read), self._size

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _items(self) -> Iterator[Item]:
        self.close()
        self._stream = open_bytes(self._path)
        self._stream.read(self._mark)
        self._lines = Lines(self._stream, self._encoding, "cp1252")
        return _from_lines(self._lines) if self.format == "jsonl" else _from_array(self._lines)


def _from_lines(lines: Lines) -> Iterator[Item]:
    for number, line in enumerate(lines, start=1):
        if line.isspace():
            continue
        yield number, _parse(number, line)


def _parse(number: int, line: str) -> dict[str, Any] | RowProblem:
    if line is TOO_LONG:
        return RowProblem(number, "the line is too long", "")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return RowProblem(number, "not JSON", line[:10_000].rstrip())
    return _row(number, value, line)


def _from_array(lines: Lines) -> Iterator[Item]:
    """The elements of a JSON array, without ever holding the whole of it."""
    decoder = json.JSONDecoder()
    buffer, number, position = "", 0, 0
    pieces = iter(lines)
    started = False
    while True:
        buffer = buffer[position:].lstrip(" \t\r\n,")
        position = 0
        if not started and buffer:
            if buffer[0] != "[":
                raise UnreadableFile("neither an array of objects nor an object a line")
            buffer, started = buffer[1:].lstrip(), True
        if started and buffer.startswith("]"):
            return
        if buffer:
            try:
                value, position = decoder.raw_decode(buffer)
            except RecursionError:
                raise UnreadableFile("the JSON is nested too deeply") from None
            except ValueError:
                position = 0
            else:
                number += 1
                yield number, _row(number, value, "")
                continue
        if len(buffer) > _MAX_OBJECT:
            raise UnreadableFile(f"element {number + 1} of the array is not JSON, or too large")
        more = _next_chunk(pieces)
        if not more:
            if buffer or not started:
                problem = RowProblem(number + 1, "the array breaks off", buffer[:10_000])
                yield number + 1, problem
            return
        buffer += more


def _next_chunk(pieces: Iterator[str]) -> str:
    """Lines until there is a good deal of text: parsing again after every line would be slow."""
    taken, chars = [], 0
    for piece in pieces:
        taken.append(piece)
        chars += len(piece)
        if chars >= _CHUNK:
            break
    return "".join(taken)


def _row(number: int, value: Any, text: str) -> dict[str, Any] | RowProblem:
    if not isinstance(value, dict):
        return RowProblem(number, "not an object", text[:10_000].rstrip())
    return flatten(value)


def flatten(value: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """Nested objects as ``outer.inner``; lists of plain values joined by commas, others as JSON."""
    flat: dict[str, Any] = {}
    for key, item in value.items():
        name = f"{prefix}{key}"
        if isinstance(item, dict) and depth < _MAX_DEPTH:
            flat |= flatten(item, f"{name}.", depth + 1)
        elif isinstance(item, list) and all(isinstance(one, str | int | float) for one in item):
            flat[name] = ", ".join(map(str, item))
        elif isinstance(item, list | dict):
            flat[name] = json.dumps(item, ensure_ascii=False, default=str)
        else:
            flat[name] = item
    return flat
