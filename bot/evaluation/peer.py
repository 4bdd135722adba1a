"""Whom we are measured against: stock Rasa's pipeline, and a lexicon."""

import importlib
import time

from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.readings import Reading

DIET = "diet"
VADER = "vader"
_BORDER = 0.05
"""The thresholds that VADER's authors state for its compound score."""


class Vader:
    """A lexicon of words with their valence, and rules for what is around them.

    Hutto & Gilbert (2014): VADER, a parsimonious rule-based model for sentiment analysis.
    """

    def __init__(self) -> None:
        """Loads the lexicon.

        Raises:
            EvaluationFailed: it is not installed.
        """
        try:
            module = importlib.import_module("vaderSentiment.vaderSentiment")
        except ImportError as error:
            raise EvaluationFailed(
                "VADER is not installed: .venv-assistant/bin/pip install --no-deps "
                "-r bot/requirements-eval.lock"
            ) from error
        self._analyzer = module.SentimentIntensityAnalyzer()

    def read(self, text: str) -> Reading:
        """What it says of a text."""
        begun, busy = time.perf_counter(), time.process_time()
        compound = float(self._analyzer.polarity_scores(text)["compound"])
        taken, worked = time.perf_counter() - begun, time.process_time() - busy
        label = "neutral"
        if abs(compound) >= _BORDER:
            label = "positive" if compound > 0 else "negative"
        return Reading.parsed(
            {"sentiment": {"label": label, "valence": compound}},
            milliseconds=taken * 1e3,
            busy_milliseconds=worked * 1e3,
        )
