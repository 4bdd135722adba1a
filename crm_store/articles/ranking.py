"""Ranking articles for a question: by meaning (vectors), else by words."""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from crm_store.models import Article

_WORD = re.compile(r"\w+")
_STOP = frozenset(
    _WORD.findall(
        "a about an and any are as at be been but by can could do does for from get had has have "
        "how i if in into is it its just let like me my no not of on or our please so some than "
        "that the their them then there these they this to up us was we were what when where "
        "which who why will with would you your"
    )
)
_TITLE, _SUMMARY, _BODY = 3.0, 2.0, 1.0
_SIMILAR_WORD = 85.0

Vector = NDArray[np.float32]


def rank_by_meaning(query: Vector, articles: Sequence[Article]) -> list[tuple[Article, float]]:
    """Articles with their cosine similarity to the query, the nearest first.

    Articles whose vector has another length than the query's are left out.
    """
    query = np.asarray(query, dtype=np.float32).ravel()
    vectors = {a.id: np.frombuffer(a.embedding, dtype="<f4") for a in articles if a.embedding}
    usable = [a for a in articles if a.id in vectors and vectors[a.id].size == query.size]
    length = float(np.linalg.norm(query))
    if not usable or length == 0 or not math.isfinite(length):
        return []
    matrix = np.stack([vectors[a.id] for a in usable])
    norms = np.linalg.norm(matrix, axis=1) * length
    scores = matrix @ query / np.where(norms == 0, 1, norms)
    order = np.argsort(-scores, kind="stable")
    return [(usable[i], float(scores[i])) for i in order]


def rank_by_words(query: str, articles: Sequence[Article]) -> list[tuple[Article, float]]:
    """Articles that share words with the query, the best first, with scores in (0, 1].

    A rare word counts more than a common one, the title more than the body; a word that no article
    has is read as the most similar one that some article has (typos, endings).
    """
    weights = [_word_weights(article) for article in articles]
    frequency = Counter(word for words in weights for word in words)
    wanted = {_known_word(word, frequency) for word in _words(query)} - {None}
    rarity = {w: math.log(1 + len(articles) / frequency[w]) for w in wanted if w is not None}
    best = _TITLE * sum(rarity.values())
    if not best:
        return []
    scores = [sum(rarity[w] * words.get(w, 0.0) for w in rarity) / best for words in weights]
    return sorted(
        ((article, score) for article, score in zip(articles, scores, strict=True) if score),
        key=lambda pair: (-pair[1], pair[0].slug),
    )


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.lower()) if word not in _STOP and len(word) > 1]


def _word_weights(article: Article) -> dict[str, float]:
    """Each word of the article with the weight of the most telling place where it stands."""
    weights = dict.fromkeys(_words(article.body), _BODY)
    weights |= dict.fromkeys(_words(article.summary), _SUMMARY)
    weights |= dict.fromkeys(_words(f"{article.title} {article.topic}"), _TITLE)
    return weights


def _known_word(word: str, known: Counter[str]) -> str | None:
    if word in known:
        return word
    if len(word) < 4:
        return None
    match = process.extractOne(word, known.keys(), scorer=fuzz.ratio, score_cutoff=_SIMILAR_WORD)
    return str(match[0]) if match else None
