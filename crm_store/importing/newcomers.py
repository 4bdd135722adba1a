"""Rows about people of whom nobody is known yet, made whole before they are written.

Most of a first import is that. Its batches are written column by column; no row of them is looked
at in the process that writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from foundation.ids import new_keys

_KEY = "external_id"
_NAME = "name"
_NEWSLETTER = "newsletter"


@dataclass(slots=True)
class Newcomers:
    """What customers are made of.

    Attributes:
        columns: by name, as they are stored, one value for each row.
        newsletter: the places of those who want one.
    """

    columns: dict[str, Sequence[Any]] = field(repr=False)
    newsletter: list[int] = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewcomersAhead:
    """How to make them.

    Attributes:
        fields: the columns that rows may fill.
        blank: what stands in a column that a row does not fill, where that is something.
    """

    fields: frozenset[str]
    blank: Mapping[str, Any]

    def made(
        self, given: Mapping[str, Sequence[Any]], stored: Mapping[str, Sequence[Any]]
    ) -> Newcomers | None:
        """Whole rows; None unless each names a person of its own, all of it known here.

        Args:
            given: columns of clean values, None where a row has none.
            stored: the columns that were made of them already.
        """
        keys, names = given.get(_KEY, [None]), given.get(_NAME, [None])
        if not keys or None in keys or None in names or len(set(keys)) < len(keys):
            return None
        columns = {"id": new_keys(len(keys)), **stored}
        for name in given.keys() & self.fields - stored.keys():
            blank = self.blank.get(name)
            columns[name] = (
                given[name]
                if blank is None
                else [blank if value is None else value for value in given[name]]
            )
        wanted = given.get(_NEWSLETTER, ())
        return Newcomers(columns, [at for at, wants in enumerate(wanted) if wants])
