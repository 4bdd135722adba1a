"""Numbers that people read aloud: a letter and seven digits, not guessable from the last one."""

import secrets
from collections.abc import Callable

_DIGITS = 7
_TRIES = 100


def free_number(prefix: str, is_taken: Callable[[str], bool]) -> str:
    """A random number such as ``R-0482913`` that nothing has yet.

    Raises:
        RuntimeError: nearly all of the ten million numbers are taken.
    """
    for _ in range(_TRIES):
        number = f"{prefix}-{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        if not is_taken(number):
            return number
    raise RuntimeError(f"no free number {prefix}-… found in {_TRIES} tries")
