"""Ranking products for what a person typed: exact words, typing errors, names in a sentence.

A word counts for where it stands (name before category before attributes before description)
and for how few products have it, as in BM25's inverse document frequency. A product's name that is
wholly in the text goes to the top.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import OSA

from crm_store.catalog.words import telling_words, words

_IN_NAME, _IN_CATEGORY, _IN_ATTRIBUTES, _IN_DESCRIPTION = 1.0, 0.9, 0.8, 0.4
_TYPO_WEIGHT = 0.8
TYPO_CUTOFF = 0.8
_SHORTEST_TYPO = 5
_NAME_SHARE = 0.35
_LEAST_SCORE = 0.2


@dataclass(frozen=True, slots=True)
class Searchable:
    """What the search reads of a product."""

    product_id: UUID
    name: str
    description: str
    attributes: dict[str, Any]
    category: str
    synonyms: tuple[str, ...]
    in_stock: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """A product and how well it fits, from 0 to 1."""

    product_id: UUID
    score: float


@dataclass(slots=True)
class _Document:
    item: Searchable
    name: tuple[str, ...]
    weights: dict[str, float] = field(default_factory=dict)


def rank_products(text: str, items: Sequence[Searchable], *, limit: int) -> list[Scored]:
    """The best products for ``text``, best first; in stock before out of stock when equal."""
    asked = telling_words(text)
    if not items or all(word.isdigit() for word in asked):
        return []
    # Same shelf, same words: computed once for all of its products.
    shelves: dict[tuple[str, ...], tuple[str, ...]] = {}
    documents = [_document(item, shelves) for item in items]
    counts = Counter(word for document in documents for word in document.weights)
    meant = {word: _meanings(word, counts) for word in asked}
    rarity = {
        word: max((_idf(counts[m], len(items)) for m in meanings), default=1.0)
        for word, meanings in meant.items()
    }
    scored = [_score(document, asked, meant, rarity) for document in documents]
    order = sorted(
        (index for index, score in enumerate(scored) if score >= _LEAST_SCORE),
        key=lambda index: (-round(scored[index], 4), not items[index].in_stock, items[index].name),
    )
    return [Scored(items[index].product_id, scored[index]) for index in order[:limit]]


def _document(item: Searchable, shelves: dict[tuple[str, ...], tuple[str, ...]]) -> _Document:
    shelf = (item.category, *item.synonyms)
    if shelf not in shelves:
        shelves[shelf] = telling_words(" ".join(shelf))
    document = _Document(item, words(item.name))
    for found, weight in (
        (telling_words(item.description), _IN_DESCRIPTION),
        (telling_words(_attribute_text(item.attributes)), _IN_ATTRIBUTES),
        (shelves[shelf], _IN_CATEGORY),
        (document.name, _IN_NAME),
    ):
        document.weights.update(dict.fromkeys(found, weight))
    return document


def _attribute_text(attributes: dict[str, Any]) -> str:
    parts: list[str] = []
    for key, value in attributes.items():
        values: Iterable[Any] = value if isinstance(value, list) else (value,)
        parts.append(f"{key} {' '.join(str(one) for one in values)}")
    return " ".join(parts)


def _meanings(word: str, counts: Counter[str]) -> dict[str, float]:
    """The catalog's words that the typed one stands for, with how surely."""
    if word in counts:
        return {word: 1.0}
    if len(word) < _SHORTEST_TYPO or any(char.isdigit() for char in word):
        return {}
    found = process.extract(
        word, counts.keys(), scorer=OSA.normalized_similarity, score_cutoff=TYPO_CUTOFF, limit=3
    )
    return {match: _TYPO_WEIGHT * score for match, score, _ in found}


def _idf(count: int, total: int) -> float:
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


def _score(
    document: _Document,
    asked: tuple[str, ...],
    meant: dict[str, dict[str, float]],
    rarity: dict[str, float],
) -> float:
    got = wanted = 0.0
    hit: dict[str, float] = {}
    for word in asked:
        best = 0.0
        for match, certainty in meant[word].items():
            weight = certainty * document.weights.get(match, 0.0)
            if weight > best:
                best = weight
                hit[match] = max(hit.get(match, 0.0), certainty)
        wanted += rarity[word]
        got += rarity[word] * best
    if not got:
        return 0.0
    named = sum(hit.get(word, 0.0) for word in document.name) / len(document.name)
    return (1 - _NAME_SHARE) * got / wanted + _NAME_SHARE * named
