"""Why the assistant understands a text as it does, in the shape that its connector returns."""

from typing import Literal

from pydantic import BaseModel

MAX_CHARS = 8_000
"""The longest text that the connector takes."""


class RankedIntent(BaseModel):
    name: str
    confidence: float


class ExplainedIntent(RankedIntent):
    """The likeliest intent and the next ones, each with its probability."""

    ranking: list[RankedIntent]


class ScopeReading(BaseModel):
    """How near the text is to what was taught; inside means a score of at least ``threshold``.

    ``similarity`` is the cosine to the nearest intent's prototype.
    """

    inside: bool
    nearest: str
    similarity: float
    score: float
    threshold: float


class SentimentReading(BaseModel):
    """``valence`` is from -1 to 1, ``frustrated`` the probability of losing patience."""

    label: Literal["negative", "neutral", "positive"]
    score: float
    valence: float
    frustrated: float


class ExplainedWord(BaseModel):
    """What is lost when the word at ``start`` to ``end`` is left out.

    Of the likeliest intent's confidence, of the valence, of the probability of frustration;
    negative where the word speaks against it. In long texts a word is a group of neighbours.
    """

    text: str
    start: int
    end: int
    intent: float
    sentiment: float
    frustrated: float


class NearestExample(BaseModel):
    """A training example and its cosine to the text."""

    text: str
    intent: str
    similarity: float


class Explanation(BaseModel):
    """A reading with its reasons; ``nearest`` is sorted, the nearest first."""

    text: str
    intent: ExplainedIntent
    scope: ScopeReading
    sentiment: SentimentReading
    words: list[ExplainedWord]
    nearest: list[NearestExample]
