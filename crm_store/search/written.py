"""A text's words as each database's index takes them, apart from the databases themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Any

from crm_store.search.folding import tokens

_LAST_POSITION = 16_383


def for_fts5(letter: str, words: Iterable[str]) -> str:
    """The words for SQLite's full-text table, each after its kind's letter."""
    return " ".join([letter + word for word in words])


def for_tsvector(letter: str, words: Iterable[str]) -> str:
    """The same as PostgreSQL writes a tsvector, each with its position."""
    return " ".join(
        [
            f"'{letter}{word}':{at if at < _LAST_POSITION else _LAST_POSITION}"
            for at, word in enumerate(words, start=1)
        ]
    )


def words_of(values: Sequence[Any]) -> list[str]:
    """All words of what is indexed of a row."""
    return tokens(" ".join([str(value or "") for value in values]))


@dataclass(frozen=True, slots=True)
class WordsAhead:
    """Makes the words of rows before they are written, in a process that knows no database.

    Attributes:
        letter: of the rows' kind.
        columns: what is indexed of a row.
        dialect: the database's.
    """

    letter: str
    columns: tuple[str, ...]
    dialect: str

    def made(self, given: Mapping[str, Sequence[Any]]) -> list[str | None] | None:
        """Each row's words; None for one whose first column is still to come.

        Args:
            given: columns of texts, None where a row has none.
        """
        write = for_fts5 if self.dialect == "sqlite" else for_tsvector
        letter, first = self.letter, given.get(self.columns[0])
        if first is None:
            return None
        others = (given.get(name, repeat(None)) for name in self.columns[1:])
        return [
            None if name is None else write(letter, [*_words_of_name(name), *words_of(rest)])
            for name, *rest in zip(first, *others)  # noqa: B905  # some never end
        ]


def _words_of_name(name: str) -> list[str]:
    """The words of a text whose parts are those of many others: a name."""
    return [word for part in name.split(" ") for word in _words_of_part(part)]


_words_of_part = lru_cache(maxsize=20_000)(tokens)
