"""Words of names and their keys: words that are near each other have a key in common.

The keys of a word are the word itself and what is left of it when letters are taken out (one, of
long words two): Garbe's symmetric deletion. Any letter missing, added, wrong or swapped with its
neighbour leaves the two words with a common key, which an ordinary index finds.
"""

from itertools import combinations

from rapidfuzz.distance import OSA

from crm_store.search.folding import is_unspaced, tokens

SHORTEST = 3
"""Shorter words are found as they are written only."""
LONG = 7
"""From this length on two errors are forgiven."""
_KEYED_CHARS = 12


def errors_forgiven(word: str) -> int:
    """How many letters of a word may be wrong."""
    if len(word) < SHORTEST:
        return 0
    return 2 if len(word) >= LONG else 1


def name_words(name: str | None) -> list[str]:
    """The different words of a name, sorted."""
    words = set(tokens(name or ""))
    return sorted(word for word in words if not is_unspaced(word) and not word.isdigit())


def keys(word: str) -> list[str]:
    """The keys of a word, sorted; the tail of a very long one is not compared."""
    word = word[:_KEYED_CHARS]
    found = {word}
    for out in range(1, errors_forgiven(word) + 1):
        for gone in combinations(range(len(word)), out):
            found.add("".join(letter for at, letter in enumerate(word) if at not in gone))
    return sorted(found)


def nearest(word: str, candidates: list[str], limit: int) -> list[str]:
    """The candidates that the word may stand for, the likeliest first; never the word itself."""
    budget = errors_forgiven(word)
    scored = [(OSA.distance(word, other, score_cutoff=budget), other) for other in set(candidates)]
    near = [
        # People rarely get the first letter wrong.
        (distance, other[:1] != word[:1], other)
        for distance, other in scored
        if 0 < distance <= budget
    ]
    return [other for _, _, other in sorted(near)[:limit]]
