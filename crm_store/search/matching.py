"""Whether a text holds what is searched for, by the rules of the index but without it."""

from collections.abc import Sequence

from crm_store.search.folding import tokens
from crm_store.search.query import Term


def holds(text: str, terms: Sequence[Term]) -> bool:
    """Whether every term is in the text."""
    words = tokens(text)
    return all(_has(words, term) for term in terms)


def _has(words: list[str], term: Term) -> bool:
    return any(
        _has_phrase(words, run)
        if len(run) > 1
        else run[0] in words or (term.starts and any(w.startswith(run[0]) for w in words))
        for run in term.choices
    )


def _has_phrase(words: list[str], run: tuple[str, ...]) -> bool:
    return any(tuple(words[at : at + len(run)]) == run for at in range(len(words)))
