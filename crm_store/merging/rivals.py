"""Where both customers have a row and one customer may have only one: which of them gives way.

The survivor's row stays, unless its table has a rule here. The row that gives way is taken away and
kept with the merge, unless its table knows a way for it to stay as history.
"""

from collections.abc import Callable
from typing import Any

from foundation.clock import utc_now

Row = dict[str, Any]


def _later(loser: Row, winner: Row) -> bool:
    return bool(loser["assigned_at"] > winner["assigned_at"])


def _better(loser: Row, winner: Row) -> bool:
    return bool(loser["score"] > winner["score"])


def _narrower(loser: Row, winner: Row) -> bool:
    """A merge never widens a consent: a refusal outlives a grant; of two alike, the later stays."""
    if loser["granted"] != winner["granted"]:
        return bool(winner["granted"])
    return bool(loser["at"] > winner["at"])


_LOSER_STAYS: dict[str, Callable[[Row, Row], bool]] = {
    "consents": _narrower,
    "recommendations": _better,
    "segment_memberships": _later,
}


def keeps_loser(table: str, *, loser_row: Row, winner_row: Row) -> bool:
    """Whether the row of the customer who goes is the one to keep."""
    rule = _LOSER_STAYS.get(table)
    return rule(loser_row, winner_row) if rule else False


def way_out(table: str) -> Row | None:
    """What to set on a row that gives way, so that it may stay; None where it has to go."""
    return {"superseded_at": utc_now()} if table == "consents" else None
