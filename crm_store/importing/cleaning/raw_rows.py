"""Rows as they stood in the file, kept for those that are rejected late."""

import pickle  # between a process and the child that it has started itself
from typing import Any, Self


class RawRows:
    """A batch's raw cells by place.

    From process to process they go packed and are unpacked when one is asked for: few ever are, and
    unpacking them all takes the writer as long as unpacking the clean rows.
    """

    __slots__ = ("_packed", "_rows", "_start")

    def __init__(self, rows: list[list[Any]] | None = None, *, packed: bytes = b"") -> None:
        self._rows = [] if rows is None and not packed else rows
        self._packed = packed
        self._start = 0

    def append(self, cells: list[Any]) -> None:
        """Add the next row's cells."""
        self._all().append(cells)

    def __getitem__(self, at: int) -> list[Any]:
        return self._all()[self._start + at]

    def starting_at(self, start: int) -> Self:
        """The same rows, counted from another one."""
        part = type(self)(self._rows, packed=self._packed)
        part._start = self._start + start
        return part

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpacked_later, (self._packed or pickle.dumps(self._rows, protocol=5),)

    def _all(self) -> list[list[Any]]:
        if self._rows is None:
            self._rows = pickle.loads(self._packed)  # noqa: S301  # the child's own
        return self._rows


def _unpacked_later(packed: bytes) -> RawRows:
    return RawRows(packed=packed)
