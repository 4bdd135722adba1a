"""The names of the rules, what each does, and how often it did."""

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

Tally = Counter[str]
"""How often each rule changed a value, by the rule's name."""

RULES: dict[str, str] = {
    "encoding": "Read a line that is not in the file's encoding in the likeliest other one.",
    "short_row": "Take the cells that a row lacks at its end as blank.",
    "long_row": "Drop blank cells beyond the last column.",
    "unknown_key": "Pass over keys that the first thousand objects do not have.",
    "bad_value_blanked": "Leave out a value that means nothing, where the mapping allows it.",
}
"""What each rule does, by its name: the first line of its docstring. Readers' repairs first."""

TextRule = Callable[[str], str]
F = TypeVar("F", bound=Callable[..., object])


class BadValue(Exception):
    """A value that means nothing in its column; the reason does not repeat it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def rule(name: str) -> Callable[[F], F]:
    """Register a function as the rule ``name``; its docstring's first line says what it does."""

    def register(function: F) -> F:
        if name in RULES:
            raise ValueError(f"two rules are named {name}")
        RULES[name] = (function.__doc__ or "").strip().splitlines()[0]
        return function

    return register
