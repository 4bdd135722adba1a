"""A batch's rows, which go from process to process packed.

Raw cells are asked for where a row is rejected late, and clean rows where a batch is not written by
columns. Where nobody asks, they are never unpacked: that would take the process that writes as long
as unpacking all that it does need.
"""

import pickle  # between a process and the child that it has started itself
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, Self, TypeVar, cast, overload

T = TypeVar("T")
_NONE = object()


class _Packed(Generic[T]):
    """A value that is unpacked when somebody asks for it."""

    __slots__ = ("_bytes", "_value")

    def __init__(self, value: T | object = _NONE, *, packed: bytes = b"") -> None:
        self._value = value
        self._bytes = packed

    @property
    def is_unpacked(self) -> bool:
        return self._value is not _NONE

    @property
    def value(self) -> T:
        if self._value is _NONE:
            self._value = pickle.loads(self._bytes)  # noqa: S301  # our own child's
        return cast(T, self._value)

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpacked_later, (self._bytes or pickle.dumps(self._value, protocol=5),)


def _unpacked_later(packed: bytes) -> _Packed[Any]:
    return _Packed(packed=packed)


class RawRows:
    """Rows as they stood in the file, by place; kept for those that are rejected late."""

    __slots__ = ("_rows", "_start")

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        self._rows: _Packed[Sequence[Sequence[Any]]] = _Packed(rows)
        self._start = 0

    def __getitem__(self, at: int) -> Sequence[Any]:
        return self._rows.value[self._start + at]

    def starting_at(self, start: int) -> Self:
        """The same rows, counted from another one."""
        part = type(self)(())
        part._rows, part._start = self._rows, self._start + start
        return part


class CleanRows(Sequence[dict[str, Any]]):
    """Rows of fields that have a value; blanks are absent, so that they cannot erase anything.

    They are held by columns and made when somebody asks for one. Upserters change them.
    """

    __slots__ = ("_columns", "_made", "_span")

    def __init__(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Take the columns of all fields, with None where a row has no value."""
        self._columns: _Packed[Mapping[str, Sequence[Any]]] = _Packed(columns)
        self._made: list[dict[str, Any]] | None = None
        self._span = slice(None)

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> Self:
        """The same from rows."""
        names = dict.fromkeys(name for row in rows for name in row)
        return cls({name: [row.get(name) for row in rows] for name in names})

    @property
    def columns(self) -> Mapping[str, Sequence[Any]]:
        """What all rows are made of."""
        return self._columns.value

    @property
    def is_unpacked(self) -> bool:
        """Whether somebody has asked for anything."""
        return self._columns.is_unpacked

    def part(self, start: int, end: int) -> Self:
        """Some of the rows, made anew."""
        part = type(self)({})
        part._columns, part._span = self._columns, slice(start, end)
        return part

    @overload
    def __getitem__(self, at: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, at: slice) -> list[dict[str, Any]]: ...

    def __getitem__(self, at: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        return self._rows()[at]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._rows())

    def __len__(self) -> int:
        return len(self._rows())

    def _rows(self) -> list[dict[str, Any]]:
        if self._made is None:
            names = list(self.columns)
            self._made = [
                {name: value for name, value in zip(names, cells, strict=True) if value is not None}
                if None in cells
                else dict(zip(names, cells, strict=True))
                for cells in zip(
                    *(column[self._span] for column in self.columns.values()), strict=True
                )
            ]
        return self._made
