"""The words in which tables are classified."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

ERASED_ID = UUID("00000000-0000-7000-8000-000000000000")
"""The one customer to whom what must be kept of all erased people belongs."""
ERASED_TEXT = "[erased]"


class DataClass(StrEnum):
    """Kinds of data that are kept for different times."""

    PROFILE = "profile"
    CHATS = "chats"
    ORDERS = "orders"
    SERVICE = "service"
    SALES = "sales"
    ANALYTICS = "analytics"
    ACCESS = "access"
    STAFF = "staff"
    AUDIT = "audit"
    OPERATIONS = "operations"
    CATALOGUE = "catalogue"
    PROOF = "proof"


class Erasure(StrEnum):
    """What becomes of a person's rows."""

    DELETE = "delete"
    SCRUB = "scrub"  # the row stays, what names the person goes
    KEEP = "keep"  # for the reason given


@dataclass(frozen=True, slots=True)
class Classified:
    """One table.

    Attributes:
        table: its name.
        data: the class by which it is kept.
        by: how a customer's rows are found; empty where no row belongs to a customer. Each is a
            column that holds a customer's id, or ``column -> table.column`` of another table that
            is classified: the rows whose column is in that column of the other table's rows.
        erasure: what becomes of the rows.
        why: the reason for a table that is kept or belongs to nobody.
        shown: columns that the person gets in the export.
        inside: columns that they do not get: keys of ours, staff's notes, what guards the data.
        scrub: what each personal column becomes where the row stays.
        export: the list's name in the export; None leaves the table out.
        only: columns and values that a row must have to be exported; ``...`` is any but NULL.
    """

    table: str
    data: DataClass
    by: tuple[str, ...] = ()
    erasure: Erasure = Erasure.KEEP
    why: str = ""
    shown: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    scrub: dict[str, Any] = field(default_factory=dict)
    export: str | None = None
    only: dict[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> set[str]:
        """Every column that is classified."""
        return {*self.shown, *self.inside}

    @property
    def is_personal(self) -> bool:
        """Whether rows of it belong to customers."""
        return bool(self.by)


def deleted(  # one line a table, read as a table
    table: str,
    data: DataClass,
    by: tuple[str, ...] | str,
    *,
    shown: str = "",
    inside: str = "",
    export: str | None = None,
    only: dict[str, Any] | None = None,
) -> Classified:
    """A table whose rows go with the person."""
    return Classified(
        table,
        data,
        by=_tuple(by),
        erasure=Erasure.DELETE,
        shown=tuple(shown.split()),
        inside=tuple(inside.split()),
        export=export,
        only=only or {},
    )


def scrubbed(
    table: str,
    data: DataClass,
    by: tuple[str, ...] | str,
    *,
    why: str,
    scrub: dict[str, Any],
    shown: str = "",
    inside: str = "",
    export: str | None = None,
) -> Classified:
    """A table whose rows stay without the person."""
    return Classified(
        table,
        data,
        by=_tuple(by),
        erasure=Erasure.SCRUB,
        why=why,
        scrub=scrub,
        shown=tuple(shown.split()),
        inside=tuple(inside.split()),
        export=export,
    )


def kept(
    table: str,
    data: DataClass,
    by: tuple[str, ...] | str,
    *,
    why: str,
    shown: str = "",
    inside: str = "",
    export: str | None = None,
) -> Classified:
    """A table whose rows stay as they are: nothing in them names or describes the person."""
    return Classified(
        table,
        data,
        by=_tuple(by),
        erasure=Erasure.KEEP,
        why=why,
        shown=tuple(shown.split()),
        inside=tuple(inside.split()),
        export=export,
    )


def nobodys(table: str, data: DataClass, *, why: str, columns: str) -> Classified:
    """A table no row of which belongs to a customer."""
    return Classified(table, data, why=why, inside=tuple(columns.split()))


def _tuple(by: tuple[str, ...] | str) -> tuple[str, ...]:
    return (by,) if isinstance(by, str) else by
