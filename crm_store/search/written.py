"""A text's words as each database's index takes them, apart from the databases themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_store.search.folding import tokens

_LAST_POSITION = 16_383


def for_fts5(letter: str, text: str) -> str:
    """The words for SQLite's full-text table, each after its kind's letter."""
    return " ".join([letter + token for token in tokens(text)])


def for_tsvector(letter: str, text: str) -> str:
    """The same as PostgreSQL writes a tsvector, each with its position."""
    return " ".join(
        [
            f"'{letter}{token}':{at if at < _LAST_POSITION else _LAST_POSITION}"
            for at, token in enumerate(tokens(text), start=1)
        ]
    )


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

    def made(self, rows: Sequence[Mapping[str, Any]]) -> list[str | None]:
        """Each row's words; None for one whose first column is still to come."""
        write = for_fts5 if self.dialect == "sqlite" else for_tsvector
        first, letter, columns = self.columns[0], self.letter, self.columns
        return [
            write(letter, indexed_text([row.get(name) for name in columns]))
            if first in row
            else None
            for row in rows
        ]


def indexed_text(values: Iterable[Any]) -> str:
    """All that is indexed of a row, in one text."""
    return " ".join([str(value or "") for value in values])
