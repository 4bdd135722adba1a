"""Placeholders: ``{{customer.first_name}}``, or ``{{customer.first_name|there}}`` with a fallback.

Only known names are allowed, and a text is gone through once: what a value holds stays text, even
when it looks like a placeholder.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from foundation.errors import Invalid

KNOWN = (
    "customer.first_name",
    "customer.name",
    "agent.first_name",
    "agent.name",
    "shop.name",
    "ticket.number",
    "order.number",
)
_PLACEHOLDER = re.compile(r"\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}")
_MAX_VALUE = 200


@dataclass(frozen=True, slots=True)
class Filled:
    """A text to send; ``missing`` are the names for which nothing is known and no fallback."""

    text: str
    missing: tuple[str, ...]


def require_known_names(text: str) -> None:
    """Let only known placeholders pass.

    Raises:
        Invalid: the name that is not known, or braces that do not close.
    """
    for match in _PLACEHOLDER.finditer(text):
        if match.group(1) not in KNOWN:
            raise Invalid(f"text: placeholders are {', '.join(KNOWN)}")
    rest = _PLACEHOLDER.sub("", text)
    if "{{" in rest or "}}" in rest:
        raise Invalid("text: a placeholder reads {{customer.first_name}}")


def fill(text: str, values: Mapping[str, str | None]) -> Filled:
    """The text with the values in place; a name without value keeps its place for the agent."""
    missing: list[str] = []

    def value_of(match: re.Match[str]) -> str:
        name, fallback = match.group(1), match.group(2)
        value = " ".join((values.get(name) or "").split())[:_MAX_VALUE]
        if value:
            return value
        if fallback is not None:
            return fallback.strip()
        missing.append(name)
        return f"[{name}]"

    filled = _PLACEHOLDER.sub(value_of, text)
    return Filled(filled, tuple(dict.fromkeys(missing)))
