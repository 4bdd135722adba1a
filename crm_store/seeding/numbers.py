"""Identifiers of seeded rows: the same for the same seed, and cheap for the database's indexes."""

import numpy as np

_BLOCK = 4_096
_ORDER_SPAN = 9_000_000
_FIRST = 1_000_000


class IdMaker:
    """UUIDv7s (RFC 9562) in ascending order, as the hex that both databases take.

    Random keys would scatter a million customers' rows over every index; ascending ones append.
    """

    def __init__(self, rng: np.random.Generator, *, start_ms: int) -> None:
        self._rng = rng
        self._start_ms = start_ms
        self._count = 0
        self._tails: list[str] = []

    def new(self) -> str:
        """The next identifier, 32 hex digits."""
        if not self._tails:
            self._tails = self._random_tails()
        count = self._count
        self._count = count + 1
        # Version 7 in the 13th digit; the counter continues in the 12 bits after it.
        return f"{self._start_ms + (count >> 12):012x}7{count & 0xFFF:03x}{self._tails.pop()}"

    def _random_tails(self) -> list[str]:
        # The two highest bits of the second half are the variant, binary 10.
        values = self._rng.integers(0, 1 << 62, size=_BLOCK, dtype=np.uint64)
        return [f"{value:016x}" for value in (values | np.uint64(1 << 63)).tolist()]


class Scattered:
    """Numbers that look random and never repeat: ``KF-5120377``, ``KF-2288104``, …

    The n-th is an affine bijection of n on seven-digit numbers without leading zero.
    """

    def __init__(self, prefix: str, *, factor: int, offset: int) -> None:
        self._prefix = prefix
        self._factor = factor
        self._offset = offset
        self._count = 0

    def new(self) -> str:
        """The next number.

        Raises:
            OverflowError: all nine million are used up.
        """
        count = self._count
        if count >= _ORDER_SPAN:
            raise OverflowError(f"all numbers {self._prefix}-… are used up")
        self._count = count + 1
        return f"{self._prefix}-{_FIRST + (count * self._factor + self._offset) % _ORDER_SPAN}"
