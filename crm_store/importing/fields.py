"""What can be imported: the fields of each kind of row, and what their values look like."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a field's values are."""

    LINE = "line"
    BODY = "body"
    NAME = "name"
    CODE = "code"
    EMAIL = "email"
    PHONE = "phone"
    COUNTRY = "country"
    MONEY = "money"
    CURRENCY = "currency"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    MOMENT = "moment"
    CHOICE = "choice"
    LOCALE = "locale"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Field:
    """One field that a column can be mapped to.

    Attributes:
        name: how mappings call it.
        kind: what its values are.
        names: other names that columns have for it, in small letters.
        limit: the longest text; in the store's own columns.
        least, most: the limits of a number; of money in minor units.
        future: whether a time may lie ahead.
        choices: what each accepted word means, for a choice.
    """

    name: str
    kind: Kind
    names: tuple[str, ...] = ()
    limit: int = 200
    least: int = 0
    most: int = 2_000_000_000
    future: bool = False
    choices: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of row that files can hold.

    Attributes:
        name: what follows ``--as``.
        fields: in the order that people expect.
        required: groups of fields; of each group at least one must have a value in every row.
        for_new: the same for rows that the store does not have yet.
        keys: the fields that tell a row from others, the most certain first.
    """

    name: str
    fields: tuple[Field, ...]
    required: tuple[tuple[str, ...], ...]
    for_new: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...]

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((one for one in self.fields if one.name == name), None)


def choices_of(enum: type[StrEnum], words: dict[str, str] | None = None) -> dict[str, str]:
    """A choice's own values, and other words for them."""
    own = {member.value.replace("_", " "): member.value for member in enum}
    return own | (words or {})
