"""Scores by rules that anybody can read: a table of points, each with its reason."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.errors import BadSettings

DEFAULT_RULES = Path(__file__).with_name("scoring.toml")

Fact = bool | int | float | str | None

FACTS = frozenset(
    {
        "source",
        "has_email",
        "company_email",
        "has_phone",
        "has_company",
        "chat_messages",
        "named_products",
        "mood",
        "opened_campaign",
        "answered_campaign",
        "days_quiet",
    }
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Points for one fact; exactly one of the three conditions is set."""

    points: int
    reason: str
    fact: str
    among: tuple[Fact, ...] | None = None
    at_least: float | None = None
    at_most: float | None = None

    def holds(self, facts: Mapping[str, Fact]) -> bool:
        """Whether it does; an unknown fact holds nothing."""
        value = facts.get(self.fact)
        if value is None:
            return False
        if self.among is not None:
            return value in self.among
        if isinstance(value, str):
            return False
        if self.at_least is not None:
            return value >= self.at_least
        return self.at_most is not None and value <= self.at_most


@dataclass(frozen=True, slots=True)
class Score:
    """0 to 100, and what it is made of."""

    value: int
    reasons: list[dict[str, Any]]


def score(facts: Mapping[str, Fact], rules: tuple[Rule, ...]) -> Score:
    """The points of every rule that holds, cut to 0 to 100; the weightiest reasons first."""
    holding = sorted((rule for rule in rules if rule.holds(facts)), key=lambda r: -abs(r.points))
    total = sum(rule.points for rule in holding)
    reasons = [{"points": rule.points, "reason": rule.reason} for rule in holding]
    return Score(value=max(0, min(100, total)), reasons=reasons)


def load_rules(path: Path | None = None) -> tuple[Rule, ...]:
    """The rules of a file, by default those that come with Kefu.

    Raises:
        BadSettings: the file cannot be read, or a rule in it is wrong; the reason says which.
    """
    path = path or DEFAULT_RULES
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(f"lead scoring: {path.name}: {error}") from None
    written = table.get("rule")
    if not isinstance(written, list) or table.keys() != {"rule"}:
        raise BadSettings(f"lead scoring: {path.name}: [[rule]] tables and nothing else")
    return tuple(_read(one, f"{path.name}: rule {at}") for at, one in enumerate(written, start=1))


def _read(written: Mapping[str, Any], where: str) -> Rule:
    points, reason, fact = (written.get(name) for name in ("points", "reason", "fact"))
    if not isinstance(points, int) or isinstance(points, bool) or not -100 <= points <= 100:
        raise BadSettings(f"lead scoring: {where}: points from -100 to 100")
    if not isinstance(reason, str) or not 1 <= len(reason) <= 200:
        raise BadSettings(f"lead scoring: {where}: a reason of 1 to 200 characters")
    if fact not in FACTS:
        raise BadSettings(
            f"lead scoring: {where}: no such fact; there are {', '.join(sorted(FACTS))}"
        )
    conditions = written.keys() - {"points", "reason", "fact"}
    if len(conditions) != 1 or not conditions <= {"is", "at_least", "at_most"}:
        raise BadSettings(f"lead scoring: {where}: one of is, at_least, at_most")
    among, at_least, at_most = (written.get(name) for name in ("is", "at_least", "at_most"))
    if among is not None and not isinstance(among, list):
        raise BadSettings(f"lead scoring: {where}: is takes a list")
    for number in (at_least, at_most):
        if number is not None and (isinstance(number, bool) or not isinstance(number, int | float)):
            raise BadSettings(f"lead scoring: {where}: at_least and at_most take a number")
    return Rule(
        points=points,
        reason=reason,
        fact=str(fact),
        among=tuple(among) if among is not None else None,
        at_least=at_least,
        at_most=at_most,
    )
