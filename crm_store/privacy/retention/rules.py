"""The rules: one for each kind of data that ends by time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from crm_store.database import Database
from crm_store.privacy.classified import DataClass
from foundation.errors import BadSettings
from foundation.settings import Settings

_NEVER = "never"
_SETTING = "KEFU_RETENTION"
_MOST_DAYS = 36_500


class Ending(Protocol):
    """How one kind of data ends."""

    def count(self, database: Database, settings: Settings, before: datetime) -> int:
        """How much is due."""
        ...

    def end(self, database: Database, settings: Settings, before: datetime, limit: int) -> int:
        """End at most ``limit`` of it, in a transaction of its own; returns how many."""
        ...


@dataclass(frozen=True, slots=True)
class Rule:
    """How long one kind of data is kept.

    Attributes:
        name: in the setting ``KEFU_RETENTION``.
        data: its class in the register.
        what: for people.
        keep: counted from the data's last sign of life; None keeps it for ever.
        ending: how it ends.
    """

    name: str
    data: DataClass
    what: str
    keep: timedelta | None
    ending: Ending


def with_setting(rules: Mapping[str, Rule], text: str) -> dict[str, Rule]:
    """The rules, with the times that the operator chose: ``chats=365d,audit=never``.

    Raises:
        BadSettings: there is no such rule, or that is no time.
    """
    chosen = dict(rules)
    for part in filter(None, map(str.strip, text.split(","))):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name not in rules:
            raise BadSettings(f"{_SETTING}: {name[:40]} is none of {', '.join(rules)}")
        chosen[name] = replace(chosen[name], keep=_time(name, value))
    return chosen


def _time(name: str, value: str) -> timedelta | None:
    if value == _NEVER:
        return None
    days = value.removesuffix("d")
    if not days.isascii() or not days.isdigit() or days == value or int(days) > _MOST_DAYS:
        raise BadSettings(f"{_SETTING}: {name}: a number of days like 365d, or never")
    return timedelta(days=int(days))
