"""What is made of rows before they are written, in a process that knows no database.

Encrypting, the words for the search and times as texts take the writer as long as writing does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self

from crm_store.crypto.sealing import Sealing
from crm_store.importing.moments import moment_text
from crm_store.importing.newcomers import Newcomers, NewcomersAhead
from crm_store.search.written import WordsAhead
from foundation.clock import utc_now

Columns = Mapping[str, Sequence[Any]]


@dataclass(slots=True)
class Made:
    """Rows' values as they are stored; each list has one for every row, in the rows' order.

    Attributes:
        columns: by the column's name.
        words: for the search; None for a row that did not have all that is indexed.
        key_id: of the key that sealed.
        sealed: the columns that it sealed.
        newcomers: all of the rows, if they can be people whom nobody knows yet.
    """

    columns: dict[str, Sequence[Any]] = field(default_factory=dict, repr=False)
    words: Sequence[str | None] | None = field(default=None, repr=False)
    key_id: str = ""
    sealed: frozenset[str] = frozenset()
    newcomers: Newcomers | None = field(default=None, repr=False)

    def of(self, places: Sequence[int], key_id: str) -> Self:
        """The same of some rows only, without what another key has sealed."""
        kept = {
            name: values
            for name, values in self.columns.items()
            if key_id == self.key_id or name not in self.sealed
        }
        if len(places) == self._rows:
            return type(self)(kept, self.words, self.key_id, self.sealed)
        return type(self)(
            {name: [values[at] for at in places] for name, values in kept.items()},
            None if self.words is None else [self.words[at] for at in places],
            self.key_id,
            self.sealed,
        )

    @property
    def _rows(self) -> int:
        known = next(iter(self.columns.values()), self.words)
        return 0 if known is None else len(known)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What to make.

    Attributes:
        dialect: of the database that the rows go to.
        sealing: what to encrypt.
        words: how to make the words for the search.
        moments: columns of times that are now where a row does not say.
        newcomers: how to make rows of new people whole.
    """

    dialect: str
    sealing: Sealing | None = None
    words: WordsAhead | None = None
    moments: tuple[str, ...] = ()
    newcomers: NewcomersAhead | None = None

    def made(self, columns: Columns) -> Made:
        """What rows with these columns become; None stands where a row has no value."""
        made = Made()
        if self.sealing is not None:
            made.columns.update(self.sealing.sealed(columns))
            made.key_id, made.sealed = self.sealing.key.id, frozenset(made.columns)
        if self.words is not None:
            made.words = self.words.made(columns)
        now = utc_now()
        for name in self.moments:
            if name in columns:
                made.columns[name] = [
                    _moment_text(now if moment is None else moment, self.dialect)
                    for moment in columns[name]
                ]
        if self.newcomers is not None:
            made.newcomers = self.newcomers.made(columns, made.columns)
        return made


# Most columns of a file's times have a few thousand days.
_moment_text = lru_cache(maxsize=20_000)(moment_text)
