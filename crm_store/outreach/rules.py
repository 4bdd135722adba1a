"""What the shop wants said to customers of whom analysis found something: the operator's file."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_store.outreach.texts import checked_texts
from foundation.errors import BadSettings, Invalid

PRODUCT = "{product}"
"""In a text: the name of the product that is recommended to the customer most."""
_KEYS = {"moved_to", "texts", "again_after_days", "expires_after_days", "most"}
_MOST_RULES = 20


@dataclass(frozen=True, slots=True)
class OutreachRule:
    """Who moves to a segment is written to, where they are in the chat next.

    Attributes:
        moved_to: a segment's name, as ``At risk``; its parts (``At risk 2``, ``At risk, needing a
            person``) count as it.
        texts: what to say, by locale.
        again_after_days: whom analysis has had written to is left alone for so long.
        expires_after_days: so long it is worth saying.
        most: so many customers in one run.
    """

    moved_to: str
    texts: dict[str, str]
    again_after_days: int = 60
    expires_after_days: int = 14
    most: int = 500

    @property
    def names_product(self) -> bool:
        """Whether it needs a recommendation to be said."""
        return any(PRODUCT in text for text in self.texts.values())

    def is_about(self, segment: str) -> bool:
        """Whether a segment is the one meant, or a part of it."""
        return re.fullmatch(rf"{re.escape(self.moved_to)}(?: \d+|,.*)?", segment) is not None


def load_outreach_rules(path: Path | None) -> tuple[OutreachRule, ...]:
    """The rules of a file; none without one.

    Raises:
        BadSettings: the file cannot be read, or a rule in it is wrong; the reason says which.
    """
    if path is None:
        return ()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(f"outreach rules: {path.name}: {error}") from None
    written = table.get("rule")
    if not isinstance(written, list) or table.keys() != {"rule"} or len(written) > _MOST_RULES:
        raise BadSettings(
            f"outreach rules: {path.name}: at most {_MOST_RULES} [[rule]] tables and nothing else"
        )
    return tuple(_read(one, f"{path.name}: rule {at}") for at, one in enumerate(written, start=1))


def _read(written: Mapping[str, Any], where: str) -> OutreachRule:
    unknown = written.keys() - _KEYS
    if unknown:
        raise BadSettings(
            f"outreach rules: {where}: there are {', '.join(sorted(_KEYS))}; not {min(unknown)}"
        )
    moved_to, texts = written.get("moved_to"), written.get("texts")
    if not isinstance(moved_to, str) or not 1 <= len(moved_to.strip()) <= 200:
        raise BadSettings(f"outreach rules: {where}: moved_to names a segment")
    if not isinstance(texts, dict):
        raise BadSettings(f"outreach rules: {where}: texts by locale")
    try:
        checked = checked_texts(texts)
    except Invalid as error:
        raise BadSettings(f"outreach rules: {where}: {error.detail}") from None
    numbers = {}
    for name, most in (("again_after_days", 3_650), ("expires_after_days", 365), ("most", 100_000)):
        if name in written:
            numbers[name] = _number(written[name], most, f"{where}: {name}")
    return OutreachRule(moved_to=moved_to.strip(), texts=checked, **numbers)


def _number(value: Any, most: int, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise BadSettings(f"outreach rules: {where}: 1 to {most:,}")
    return value
