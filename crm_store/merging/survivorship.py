"""Which value of which record stays when two become one.

- What is there wins over what is missing.
- A contact that a channel vouches for wins over one that somebody only wrote down.
- Else the record that was changed last wins.
- An address is taken whole: street and town of two addresses never mix.
- A request for deletion of either record counts. (Consent has rules of its own: ``rivals``.)
- The customer is one since the older record is.
- Any other column of the record: the survivor's, where it is not empty.
"""

from collections.abc import Iterable
from typing import Any

from crm_store.models import Customer, Identity

Values = dict[str, Any]

ADDRESS = ("street", "postal_code", "city", "country")
_NOT_A_NAME = "Customer"  # what a record is called whose host page gave no name
_OF_THE_ROW = {"id", "merged_into_id", "updated_at", "version", "updated_by_id"}
_RULED = {
    "name", "email", "phone", "locale", "deletion_requested_at", "created_at", *ADDRESS,
}  # fmt: skip


def surviving_values(
    survivor: Customer, loser: Customer, identities: Iterable[Identity]
) -> tuple[Values, Values]:
    """What changes on the survivor, and on the loser so that the survivor may have it.

    Args:
        survivor: the record that stays.
        loser: the one that will only point to it.
        identities: of both; they tell which contacts are vouched for.

    Returns:
        The columns to set on either, with their new values.
    """
    newer, older = sorted((survivor, loser), key=lambda one: one.updated_at, reverse=True)
    known = list(identities)
    chosen: Values = {
        "name": _first(newer.name, older.name, unless=_NOT_A_NAME) or survivor.name,
        "email": _contact(newer.email, older.email, {one.verified_email for one in known}),
        "phone": _contact(newer.phone, older.phone, {one.verified_phone for one in known}),
        "locale": newer.locale,
        "deletion_requested_at": min(
            _given(survivor, loser, "deletion_requested_at"), default=None
        ),
        "created_at": min(survivor.created_at, loser.created_at),
    }
    home = newer if _has_address(newer) or not _has_address(older) else older
    chosen |= {field: getattr(home, field) for field in ADDRESS}
    for field in _others():
        chosen[field] = _first(getattr(survivor, field), getattr(loser, field))
    changed = {field: value for field, value in chosen.items() if getattr(survivor, field) != value}
    return changed, {field: None for field in _unique() if field in changed}


def _others() -> list[str]:
    """The other columns; what the database computes from a column follows it by itself."""
    columns = [column for column in Customer.__table__.columns if column.computed is None]
    return [column.key for column in columns if column.key not in _RULED | _OF_THE_ROW]


def _unique() -> set[str]:
    return {column.key for column in Customer.__table__.columns if column.unique}


def _first(*values: Any, unless: Any = None) -> Any:
    return next((value for value in values if value not in (None, "", unless)), None)


def _contact(newer: str | None, older: str | None, vouched: set[str | None]) -> str | None:
    for value in (newer, older):
        if value and value in vouched:
            return value
    return newer or older


def _given(survivor: Customer, loser: Customer, field: str) -> list[Any]:
    values = (getattr(survivor, field), getattr(loser, field))
    return [value for value in values if value is not None]


def _has_address(customer: Customer) -> bool:
    return bool(customer.street and (customer.postal_code or customer.city))
