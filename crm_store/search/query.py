"""What somebody typed, as terms, and the terms in the language of each database's index."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_store.search.folding import MAX_TOKEN, is_unspaced, runs
from crm_store.search.sources import MONTH, Source

_MAX_QUERY_CHARS = 400
_MAX_TERMS = 12
_SHORTEST_START = 2
"""A single letter is the beginning of a name, but in other texts a word: too many begin with it."""
_MAX_MONTHS = 36
_SPELLED_UMLAUT = re.compile(r"(?<![aeiouyq])(?:[au]e(?!l?$)|oe(?!$))")
"""ä, ö and ü are indexed as a, o and u. Not what "neue", "queue", "value" and "Michael" have."""
_SHORTEST_SPELLED = 6
"""Shorter words are too often others without the e: guest, poem, fuel."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word to be found, or one of several that it may stand for.

    Attributes:
        choices: a word is a run of one token, a phrase in an unspaced script a run of several.
        starts: the word may go on: what is typed last is found by its beginning.
    """

    choices: tuple[tuple[str, ...], ...]
    starts: bool = False


def parse(q: str) -> list[Term]:
    """The terms of what was typed, all of which have to be found; empty when it holds no word."""
    found = list(dict.fromkeys(runs(q[:_MAX_QUERY_CHARS])))
    terms = [Term(_spellings(run)) for run in found[:_MAX_TERMS]]
    if terms and len(found) <= _MAX_TERMS:
        last = terms[-1].choices[0]
        word = last[0]
        if len(last) == 1 and not is_unspaced(word) and len(word) < MAX_TOKEN:
            terms[-1] = Term(terms[-1].choices, starts=True)
    return terms


def _spellings(run: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """What was typed, and what it is with umlauts where ae, oe or ue may stand for them."""
    if len(run) > 1 or len(run[0]) < _SHORTEST_SPELLED:
        return (run,)
    other = _SPELLED_UMLAUT.sub(lambda found: found[0][0], run[0])
    return (run,) if other == run[0] else (run, (other,))


@dataclass(frozen=True, slots=True)
class Language:
    """How an index writes its conditions; both combine them with brackets."""

    both: str
    either: str
    but_not: str

    def word(self, token: str, *, starts: bool) -> str:
        """A word; tokens hold letters and digits only, so that nothing has to be escaped."""
        raise NotImplementedError

    def phrase(self, tokens: Sequence[str]) -> str:
        """Words one after the other."""
        raise NotImplementedError

    def expression(
        self,
        sources: Iterable[Source],
        terms: Sequence[Term],
        *,
        months: Sequence[str] = (),
        without: Sequence[Term] = (),
    ) -> str:
        """The condition that a thing of one of the sources holds every term.

        Args:
            sources: at least one.
            terms: at least one.
            months: one of which it has to be of; any when empty.
            without: terms of which not all may be found.
        """
        kinds = [self._all_of(source, terms) for source in sources]
        whole = self._join(self.either, kinds)
        if months:
            words = [self.word(MONTH + month, starts=False) for month in months]
            whole = self._join(self.both, [whole, self._join(self.either, words)])
        if without:
            exact = [self._all_of(source, without) for source in sources]
            whole = f"{whole} {self.but_not} {self._join(self.either, exact)}"
        return whole

    def _all_of(self, source: Source, terms: Sequence[Term]) -> str:
        return self._join(self.both, [self._term(source, term) for term in terms])

    def _term(self, source: Source, term: Term) -> str:
        letter, shortest = source.letter, 1 if source.named else _SHORTEST_START
        choices = [
            self.word(letter + run[0], starts=term.starts and len(run[0]) >= shortest)
            if len(run) == 1
            else self.phrase([letter + token for token in run])
            for run in term.choices
        ]
        return self._join(self.either, choices)

    @staticmethod
    def _join(operator: str, parts: list[str]) -> str:
        return parts[0] if len(parts) == 1 else "(" + f" {operator} ".join(parts) + ")"


class Fts5(Language):
    """SQLite's."""

    def word(self, token: str, *, starts: bool) -> str:
        return f'"{token}" *' if starts else f'"{token}"'

    def phrase(self, tokens: Sequence[str]) -> str:
        return '"' + " ".join(tokens) + '"'


class TsQuery(Language):
    """PostgreSQL's."""

    def word(self, token: str, *, starts: bool) -> str:
        return f"'{token}':*" if starts else f"'{token}'"

    def phrase(self, tokens: Sequence[str]) -> str:
        return "(" + " <-> ".join(f"'{token}'" for token in tokens) + ")"


FTS5 = Fts5("AND", "OR", "NOT")
TSQUERY = TsQuery("&", "|", "& !")


def months_between(since: datetime | None, until: datetime | None) -> list[str]:
    """The months of a span as the index names them; empty when it is open or very long."""
    if since is None or until is None:
        return []
    first, last = since.year * 12 + since.month - 1, until.year * 12 + until.month - 1
    if last - first >= _MAX_MONTHS:
        return []
    return [f"{month // 12:04d}{month % 12 + 1:02d}" for month in range(first, last + 1)]
