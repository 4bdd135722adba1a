"""Everyday words: those that an encoder has a token for, and those of the training examples.

Where a shop calls a lamp "Cricket" or a shoe "Milestone", the word alone is not yet the product;
and a word that everybody knows is not a typing error for another one.
"""

import json
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.components.entities.folding import fold
from bot.components.entities.words import words_of
from bot.components.locate import locate

logger = logging.getLogger(__name__)

_VOCABULARY = "tokenizer.json"
_SHORTEST = 3
_WORD_STARTS = ("▁", "Ġ")
"""How tokenizers mark a token that begins a word, where they do not mark those that go on."""


def everyday_words(model: str, texts: Iterable[str]) -> frozenset[str]:
    """Words and stems in lower case; where the encoder's file is unknown, only those of ``texts``.

    Args:
        model: the encoder, as in the settings of the intent classifier.
        texts: the training examples.
    """
    known = {word for token in _tokens(vocabulary_file(model)) if (word := _whole(token))}
    for text in texts:
        for word in words_of(fold(text)):
            known.update((word.low, word.stem))
    return frozenset(word for word in known if word.isalpha())


def vocabulary_file(model: str) -> Path | None:
    """The encoder's vocabulary, if it lies in a folder here."""
    file = Path(locate(model)) / _VOCABULARY
    return file if file.is_file() else None


def _tokens(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        model: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["model"]
        vocabulary = model["vocab"]
        tokens = vocabulary if isinstance(vocabulary, dict) else [token for token, _ in vocabulary]
    except (OSError, ValueError, KeyError, TypeError) as error:
        logger.warning("%s is no vocabulary that is known (%s).", file, type(error).__name__)
        return []
    marked = [token for token in tokens if token.startswith(_WORD_STARTS)]
    return [token[1:] for token in marked] or list(tokens)


def _whole(token: str) -> str:
    return token.lower() if len(token) >= _SHORTEST and token.isalpha() else ""
